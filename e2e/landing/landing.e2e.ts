import { browserPath } from '@loomgraph/testing';
import { chromium, type Browser } from 'playwright-core';
import { admin, deploy, type RunningDeployment } from '../support/deploy.js';

const executablePath = browserPath();

(executablePath ? describe : describe.skip)('D1 the landing page (needs a Chromium)', () => {
  let app: RunningDeployment;
  let browser: Browser;

  beforeAll(async () => {
    app = await deploy({ name: 'embedded', stores: {}, remote: false });
    const { createTemplateCategory } = await app.data(
      `mutation { createTemplateCategory(input: { slug: "a", name: "学术" }) { category { id } } }`,
      {},
      admin,
    );
    await app.data(
      `mutation($c: ID!) { createTemplate(input: { name: "Scholarly serif layout", categoryId: $c }) { template { id } } }`,
      { c: createTemplateCategory.category.id },
      admin,
    );
    await app.quiet();
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      // Nothing but the page itself may go to the network.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await app?.[Symbol.asyncDispose]();
  });

  /** A page that may use nothing but this server, and what went wrong on it. */
  const open = async (path: string) => {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('requestfailed', (request) => problems.push(request.url()));
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(app.url)) problems.push(`foreign: ${request.url()}`);
    });
    await page.goto(`${app.url}${path}`, { waitUntil: 'load' });
    return { page, problems };
  };

  it('lets a person run a query, with nothing but this server', async () => {
    const { page, problems } = await open('/');
    await page.locator('button.graphiql-execute-button').click({ timeout: 30_000 });
    await page.locator('.result-window', { hasText: 'Scholarly serif layout' }).waitFor({ timeout: 30_000 });
    expect(await page.locator('.result-window').innerText()).toContain('学术');
    expect(problems).toEqual([]);
  }, 90_000);

  it('R7 shows the REST routes, and tries them', async () => {
    const { page, problems } = await open('/api/docs/');
    await page.getByText('/api/suggestions/{id}/feedback').first().waitFor({ timeout: 30_000 });
    await page.locator('#operations-Resumes-listResumes .opblock-summary-control').click({ timeout: 30_000 });
    await page.locator('#operations-Resumes-listResumes button.execute').click({ timeout: 30_000 });
    await page.locator('.live-responses-table', { hasText: 'UNAUTHENTICATED' }).waitFor({ timeout: 30_000 });
    expect(problems).toEqual([]);
  }, 90_000);
});
