import type { Message, MessageToProduce } from '@platformatic/kafka';
import type { BusMessage } from './port.js';

/** Carries `messageId`; no header of a message can have this name, as it would be replaced. */
const ID_HEADER = 'loom-message-id';

export type KafkaMessage = Message<string, string, string, string>;
export type KafkaMessageToSend = MessageToProduce<string, string, string, string>;

export function toKafka(topic: string, { messageId, key, body, headers }: BusMessage): KafkaMessageToSend {
  return { topic, key, value: body, headers: { ...headers, [ID_HEADER]: messageId } };
}

/** Messages of programs that do not know the header are named by their place. */
export function fromKafka(message: KafkaMessage): BusMessage {
  const { [ID_HEADER]: messageId = `${message.topic}/${message.partition}/${message.offset}`, ...headers } = Object.fromEntries(
    message.headers,
  );
  return { messageId, key: message.key ?? '', body: message.value ?? '', headers };
}
