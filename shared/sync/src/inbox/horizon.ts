/**
 * How long the inbox must remember what a consumer has applied, in ms: longer than a bus delivers an event again by itself. A replay of a consumer
 * that is reset reaches no further back, since what lies before its point is told apart by the inbox.
 */
export const INBOX_HORIZON_MS = 30 * 86_400_000;
