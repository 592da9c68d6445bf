/** What a browser sees at `/graphql`: GraphiQL, whole in one page, so it works without any network. */
export interface LandingPage {
  readonly title: string;
  /** Shown in the editor at the first visit. */
  readonly defaultQuery: string;
  /** A token for development, put into the Headers tab. Never one that is valid in production. */
  readonly exampleToken?: string;
}

/** Nothing is loaded from elsewhere; the bundle's scripts are inline and its editor's workers are blobs. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  "img-src 'self' data: blob:",
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const LANDING_PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
} as const;

/** Answers the page's HTML; it is rendered once, when somebody looks. */
export function createLandingPage(page: LandingPage): () => Promise<string> {
  let html: Promise<string> | undefined;
  return () => (html ??= render(page));
}

async function render(page: LandingPage): Promise<string> {
  // 9 MB of script: loaded when somebody looks, not at every start.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const headers = page.exampleToken === undefined ? undefined : JSON.stringify({ authorization: `Bearer ${page.exampleToken}` }, null, 2);
  return renderGraphiQL({
    title: page.title,
    defaultQuery: page.defaultQuery,
    ...(headers === undefined ? {} : { headers, defaultHeaders: headers, defaultEditorToolsVisibility: 'headers' as const }),
    // A token typed into the Headers tab must not stay in the browser's storage.
    shouldPersistHeaders: false,
  });
}
