import type { IncomingMessage } from 'node:http';
import type { MovableClock } from './clock.ts';
import type { Customers } from './customers.ts';
import type { Deliveries } from './deliveries.ts';
import type { Handshake } from './handshake.ts';
import type { Messenger } from './messenger.ts';
import type { World } from './world.ts';

export interface ControlOptions {
  readonly world: World;
  readonly clock: MovableClock;
  readonly customers: Customers;
  readonly deliveries: Deliveries;
  readonly messenger: Messenger;
  /** Makes the handshake, and takes the address and the verify token when it passes. */
  readonly verifyAndSave: (url: string, verifyToken?: string) => Promise<Handshake>;
  /** Signs and posts a payload as it is. */
  readonly deliver: (payload: unknown) => Promise<{ readonly status: number }>;
}

/** Gives the body of the answer. Throws ControlError. `id` is the `*` of the route. */
export type Handler = (request: IncomingMessage, url: URL, id: string) => unknown;
