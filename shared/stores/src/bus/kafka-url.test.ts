import { parseKafkaUrl } from './kafka-url.js';

describe('parseKafkaUrl', () => {
  it('reads brokers', () => {
    expect(parseKafkaUrl('kafka://127.0.0.1:9093,broker')).toEqual({ bootstrapBrokers: ['127.0.0.1:9093', 'broker:9092'] });
  });

  it('reads TLS and credentials', () => {
    expect(parseKafkaUrl('kafka+tls://user:p%40ss@a:1?mechanism=SCRAM-SHA-512')).toEqual({
      bootstrapBrokers: ['a:1'],
      tls: {},
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'user', password: 'p@ss' },
    });
  });

  it.each(['http://a', 'kafka://', 'kafka://u:p@a?mechanism=MD5'])('refuses %s', (url) => {
    expect(() => parseKafkaUrl(url)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
