/** Where a file is to be sent. */
export interface UploadTarget {
  readonly url: string;
  /** Headers the uploader must send. */
  readonly headers: Readonly<Record<string, string>>;
}
