/** A piece of text where a page shows it. Lengths are in points; `y` grows downwards, to the text's baseline. */
export interface TextItem {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Of its font. */
  readonly height: number;
}

export interface Page {
  readonly width: number;
  readonly height: number;
  readonly items: readonly TextItem[];
}
