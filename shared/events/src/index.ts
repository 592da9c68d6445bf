// the catalogue
export { eventCatalogue, type EventCatalogue, type EventType } from './catalogue.js';
export { defineEvent, topicOf, type EventDefinition } from './define-event.js';
// envelopes
export { createEvent, type EnvelopeOf, type EventEnvelope } from './envelope.js';
export {
  createEventCodec,
  decodeEvent,
  encodeEvent,
  EventError,
  type EventCodec,
  type EventMessage,
  type EventProblem,
  type LoomEvent,
} from './codec.js';
// the generated page
export { renderEventsDoc } from './render-events-doc.js';
// what was once published
export { renderRecordedSchemas, type RecordedSchema } from './recorded-schemas.js';
