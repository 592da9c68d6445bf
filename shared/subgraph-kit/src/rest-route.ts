/**
 * REST over the graph: what a route asks, and where its answer is. A gateway serves it; types and texts of its description come from the schema.
 */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Parameters stand in braces: `/api/resumes/{id}`. */
  readonly path: string;
  /** Unique among all routes; names what is made of the description. */
  readonly id: string;
  readonly summary: string;
  /** What the route is listed under. */
  readonly tag: string;
  /** Of an answer with what was asked for; 204 answers nothing. */
  readonly status: 200 | 201 | 202 | 204 | 302;
  /** One named GraphQL operation, with the fragments it uses. */
  readonly operation: string;
  /** Where the answer is in the operation's data; null there is 404. */
  readonly answer: readonly string[];
  /** Where the operation's variables come from: the name in the request, and the place of the variable, `input.title`. */
  readonly variables: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    /** Of a JSON object. */
    readonly body?: Readonly<Record<string, string>>;
  };
  /** With status 302: where in the answer the address is. */
  readonly redirect?: readonly string[];
  readonly upload?: RestUpload;
}

/** What becomes of a request that brings a file as `multipart/form-data`. */
export interface RestUpload {
  /** Name of the part with the file. */
  readonly file: string;
  /** The other parts, in words. */
  readonly fields: Readonly<Record<string, string>>;
  /** Whether the route takes JSON as well, without a file. */
  readonly optional: boolean;
  /** Asks what it takes, and answers the data of `operation`. */
  run(call: RestUploadCall): Promise<Readonly<Record<string, unknown>>>;
}

export interface RestUploadCall {
  readonly path: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly file: RestFile;
  /** The operation of the route. */
  readonly operation: string;
  /** Answers the data; what comes with errors is thrown, and answered by whoever serves the route. */
  ask(operation: string, variables: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  /** Sends the file where it is to go. */
  put(url: string, headers: Readonly<Record<string, string>>): Promise<void>;
}

export interface RestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** In hex. */
  readonly sha256: string;
}
