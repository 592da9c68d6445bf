export { conceptEmbedder } from './testing/concept-embedder.js';
export {
  createFakeOpenAiServer,
  type FakeOpenAiServer,
  type FakeOpenAiServerOptions,
  type OpenAiFault,
  type OpenAiRequest,
} from './testing/fake-openai-server.js';
export {
  createFakeChatServer,
  type ChatFault,
  type ChatRequest,
  type FakeChatServer,
  type FakeChatServerOptions,
} from './testing/fake-chat-server.js';
