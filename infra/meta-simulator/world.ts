import type { AccountState } from './account-state.ts';
import type { AppSubscriptions } from './app-subscriptions.ts';
import type { Clock } from './clock.ts';
import type { Comments } from './comments.ts';
import type { Conversations } from './conversations.ts';
import type { Faults } from './faults.ts';
import type { Login } from './graph-errors.ts';
import type { Random } from './random.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Readings } from './readings.ts';

/** One app with one professional account, and everything about them that the simulated Meta knows. */
export interface World {
  readonly account: Account;
  readonly app: App;
  readonly login: Login;
  readonly clock: Clock;
  readonly conversations: Conversations;
  readonly comments: Comments;
  /** Switches, tokens, thread owners, subscription. */
  readonly state: AccountState;
  /** Where the app is told of what, whatever account it is about. */
  readonly subscriptions: AppSubscriptions;
  readonly limits: RateLimits;
  readonly readings: Readings;
  readonly faults: Faults;
  /** Each message whose echo was told of under another id, by that id. */
  readonly renamedEchoes: Map<string, string>;
  /** For ids: the same seed and the same calls give the same ones. */
  readonly random: Random;
}

export interface Account {
  /** The professional account's id, `1784…`. */
  readonly id: string;
  readonly username: string;
  readonly accessToken: string;
}

export interface App {
  /** Absent: an invented one. */
  readonly id?: string;
  /** Under Instagram login an app has a second id. Absent: an invented one. */
  readonly instagramId?: string;
  readonly secret: string;
  /** Under Instagram login an app has a second secret. Absent: the same one. */
  readonly instagramSecret?: string;
  /** Typed in the dashboard beside the callback URL at the start. */
  readonly verifyToken: string;
}
