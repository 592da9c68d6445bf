/** A message of graphql-transport-ws; a scenario reads what it asked for. */
type Message = any; // eslint-disable-line

export interface Socket {
  send(message: object): void;
  /** Waits for a message. @throws where the connection ends */
  until(isIt: (message: Message) => boolean): Promise<void>;
  /** Whether such a message has come, or comes in time. */
  within(ms: number, isIt: (message: Message) => boolean): Promise<boolean>;
  close(): void;
}

/** A WebSocket at the gateway that has been acknowledged, by Node's own client. */
export async function openSocket(url: string): Promise<Socket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const received: Message[] = [];
  let wake = Promise.withResolvers<void>();
  socket.addEventListener('message', ({ data }) => {
    received.push(JSON.parse(String(data)));
    wake.resolve();
    wake = Promise.withResolvers();
  });
  socket.addEventListener('close', ({ code }) => {
    wake.promise.catch(() => undefined);
    wake.reject(new Error(`Closed with ${code} after ${JSON.stringify(received)}`));
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  const socketed: Socket = {
    send: (message) => socket.send(JSON.stringify(message)),
    async until(isIt) {
      while (!received.some(isIt)) await wake.promise;
    },
    async within(ms, isIt) {
      const end = Date.now() + ms;
      while (!received.some(isIt) && Date.now() < end) {
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([wake.promise, new Promise((resolve) => (timer = setTimeout(resolve, end - Date.now())))]);
        clearTimeout(timer);
      }
      return received.some(isIt);
    },
    close: () => socket.close(),
  };
  socketed.send({ type: 'connection_init' });
  await socketed.until(({ type }) => type === 'connection_ack');
  return socketed;
}
