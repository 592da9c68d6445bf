import { LoomError } from '@loomgraph/core';
import { SASLMechanisms, type BaseOptions } from '@platformatic/kafka';

/** What a Kafka URL names, as the client's options. */
export type KafkaTarget = Pick<BaseOptions, 'bootstrapBrokers' | 'tls' | 'sasl'>;

const FORM = /^kafka(\+tls)?:\/\/(?:([^:@/]*):([^@/]*)@)?([^/?#]+)\/?(?:\?(.*))?$/;

/**
 * Reads `kafka[+tls]://[user:password@]host:port,host:port[?mechanism=PLAIN]`; mechanism is PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.
 * @throws LoomError CONFIG_INVALID
 */
export function parseKafkaUrl(url: string): KafkaTarget {
  const parts = FORM.exec(url);
  if (!parts) throw new LoomError('CONFIG_INVALID', 'A Kafka URL looks like kafka://host:9092,host:9092.');
  const [, tls, username, password = '', hosts = '', query] = parts;
  const bootstrapBrokers = hosts.split(',').map((host) => (/:\d+$/.test(host) ? host : `${host}:9092`));
  const asked = new URLSearchParams(query).get('mechanism') ?? SASLMechanisms.PLAIN;
  const mechanism = [SASLMechanisms.PLAIN, SASLMechanisms.SCRAM_SHA_256, SASLMechanisms.SCRAM_SHA_512].find((name) => name === asked);
  if (!mechanism) throw new LoomError('CONFIG_INVALID', 'The mechanism of a Kafka URL is PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.');
  return {
    bootstrapBrokers,
    ...(tls && { tls: {} }),
    ...(username && { sasl: { mechanism, username: decodeURIComponent(username), password: decodeURIComponent(password) } }),
  };
}
