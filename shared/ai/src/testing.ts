export { conceptEmbedder } from './testing/concept-embedder.js';
export {
  createFakeOpenAiServer,
  type FakeOpenAiServer,
  type FakeOpenAiServerOptions,
  type OpenAiFault,
  type OpenAiRequest,
} from './testing/fake-openai-server.js';
