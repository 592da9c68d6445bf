/** A Kafka Metadata request, version 1 (Kafka documentation, "Protocol Guide"). */
import { type WireTarget, withSocket } from './socket.ts';

export interface KafkaBroker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

export interface KafkaMetadata {
  readonly brokers: readonly KafkaBroker[];
  /** -1 when the cluster has none. */
  readonly controllerId: number;
}

const METADATA_KEY = 3;
const METADATA_VERSION = 1;
const CLIENT_ID = 'loomgraph-stores';

export function kafkaMetadata(target: WireTarget): Promise<KafkaMetadata> {
  return withSocket(target, async (socket) => {
    socket.write(encodeRequest());
    const length = (await socket.read(4)).readInt32BE(0);
    return decodeMetadata(await socket.read(length));
  });
}

function encodeRequest(): Buffer {
  const body = Buffer.alloc(10 + CLIENT_ID.length + 4);
  body.writeInt16BE(METADATA_KEY, 0);
  body.writeInt16BE(METADATA_VERSION, 2);
  body.writeInt32BE(1, 4); // Correlation id.
  body.writeInt16BE(CLIENT_ID.length, 8);
  body.write(CLIENT_ID, 10); // The four zeros after it are an empty list of topics.
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** Decodes a response from its correlation id on. */
export function decodeMetadata(response: Buffer): KafkaMetadata {
  let offset = 4;
  const int32 = () => response.readInt32BE((offset += 4) - 4);
  const text = () => {
    const length = Math.max(0, response.readInt16BE(offset)); // -1 is null.
    offset += 2 + length;
    return response.toString('utf8', offset - length, offset);
  };
  const brokers = Array.from({ length: int32() }, () => {
    const broker = { id: int32(), host: text(), port: int32() };
    text(); // Rack.
    return broker;
  });
  return { brokers, controllerId: int32() };
}
