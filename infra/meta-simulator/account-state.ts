import { AccessTokens } from './access-tokens.ts';
import type { Clock } from './clock.ts';
import type { Login } from './graph-errors.ts';
import { permissionsOf } from './permissions.ts';
import type { Random } from './random.ts';
import { Threads } from './threads.ts';
import type { Account, App } from './world.ts';

export const accountTypes = ['BUSINESS', 'MEDIA_CREATOR', 'PERSONAL'] as const;
export type AccountType = (typeof accountTypes)[number];

/** What the owner, the app's review or Meta can switch for the account. */
export interface AccountSwitches {
  /** Undefined: the tokens are good. Otherwise the subcode of 190 with which all are refused. */
  readonly tokenSubcode: number | undefined;
  /** The app that won the tokens held until now; undefined: this one, whose webhook it is. */
  readonly tokenAppId: string | undefined;
  /** Permissions that every token lacks, and such as it has beyond those of its login. */
  readonly missingPermissions: readonly string[];
  readonly grantedPermissions: readonly string[];
  /** "Allow access to messages" in the Instagram app. */
  readonly messageAccess: boolean;
  readonly humanAgentApproved: boolean;
  /** Standard Access reaches only people with a role on the app. */
  readonly standardAccess: boolean;
  readonly peopleWithRoles: readonly string[];
  /** An app that is not live reaches only people with a role too. */
  readonly live: boolean;
  /** Meta barred the business from the messaging API. */
  readonly blocked: boolean;
  /** Whether the Page is linked to the Instagram account. */
  readonly pageLinked: boolean;
  /** Business and creator accounts are the professional ones. */
  readonly accountType: AccountType;
  /** Whether one message may carry several images. */
  readonly multiImage: boolean;
  /** "Require app secret": calls without `appsecret_proof` are refused. */
  readonly requireProof: boolean;
  /** Conversation Routing's default app. Undefined: every connected app may answer. */
  readonly defaultAppId: string | undefined;
  /** How many people use the app a day, which sets how many calls it may make an hour. */
  readonly dailyUsers: number;
  /** The ids of the business's posts. */
  readonly posts: readonly string[];
}

const defaultSwitches: AccountSwitches = {
  tokenSubcode: undefined,
  tokenAppId: undefined,
  missingPermissions: [],
  grantedPermissions: [],
  messageAccess: true,
  humanAgentApproved: false,
  standardAccess: false,
  peopleWithRoles: [],
  live: true,
  blocked: false,
  pageLinked: true,
  accountType: 'BUSINESS',
  multiImage: true,
  requireProof: false,
  defaultAppId: undefined,
  dailyUsers: 5000,
  posts: ['17900000000000001', '17900000000000002'],
};

export interface Upload {
  readonly id: string;
  readonly type: string;
  readonly url: string;
}

/**
 * Everything about the account that is no conversation. Its numbers all differ, so that whoever mistakes one
 * for another finds out here.
 */
export class AccountState {
  readonly appId: string;
  /** The app of the webhook, as App settings > Basic shows it: it signs, and inspects tokens. */
  readonly metaApp: { readonly id: string; secret: string };
  /** An app of somebody else, which may have won the token that this app's owner uses. */
  readonly otherApp = { id: '555000000000001', secret: 'secret_of_the_other_app' } as const;
  /** The id and the secret with which a login is exchanged: under Instagram login the app's second pair. */
  readonly client: { readonly id: string; readonly secret: string };
  /** The Page that a Facebook-login token belongs to. */
  readonly pageId = '104000000000001';
  /** The person who logged in. */
  readonly userId = '222000000000001';
  /** What `me?fields=id` tells under Instagram login. */
  readonly appScopedId = '28900000000000001';
  /** The business as a recipient of its own messages. */
  readonly selfScopedId = '7700000000000001';
  readonly tokens: AccessTokens;
  readonly threads: Threads;
  readonly uploads = new Map<string, Upload>();
  /** The ice breakers, the persistent menu and what else `messenger_profile` holds. */
  readonly messengerProfile = new Map<string, unknown>();
  #switches = defaultSwitches;
  /** By app; null after it ended. */
  readonly #subscriptions = new Map<string, readonly string[] | null>();

  constructor({ account, app, login, clock, random }: AccountOptions) {
    this.appId = app.id ?? '111000000000001';
    this.metaApp = { id: this.appId, secret: app.secret };
    this.client =
      login === 'instagram'
        ? { id: app.instagramId ?? '333000000000001', secret: app.instagramSecret ?? app.secret }
        : this.metaApp;
    this.tokens = new AccessTokens(clock, random, permissionsOf[login]);
    this.threads = new Threads(clock);
    if (login === 'facebook') this.tokens.issuePageToken({ value: account.accessToken });
    else this.tokens.issueLongLived('instagram', { value: account.accessToken });
  }

  /** As when its owner resets it in the App Dashboard: from now on it alone signs and proves. */
  resetAppSecret(secret: string): void {
    this.metaApp.secret = secret;
  }

  get switches(): AccountSwitches {
    return this.#switches;
  }

  set(change: Partial<AccountSwitches>): void {
    this.#switches = { ...this.#switches, ...change };
  }

  /** Undefined: nothing is delivered for the account to this app. */
  get subscribedFields(): readonly string[] | undefined {
    return this.subscribedFieldsOf(this.appId);
  }

  /** Every app begins with a subscription, as after a finished set-up. */
  subscribedFieldsOf(appId: string): readonly string[] | undefined {
    const fields = this.#subscriptions.get(appId);
    return fields === null ? undefined : (fields ?? ['messages']);
  }

  subscribe(fields: readonly string[], appId = this.appId): void {
    this.#subscriptions.set(appId, fields);
  }

  unsubscribe(appId = this.appId): void {
    this.#subscriptions.set(appId, null);
  }
}

interface AccountOptions {
  readonly account: Account;
  readonly app: App;
  readonly login: Login;
  readonly clock: Clock;
  readonly random: Random;
}
