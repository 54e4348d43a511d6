import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/** What `expires_in` of a long-lived token counts: a little under 60 days. */
export const longLivedSeconds = 5_183_944;
const shortLivedMs = hourMs;
const codeLifetimeMs = hourMs;

/** Whom a token speaks for: a Page, the person who logged in, the professional account, or the app itself. */
export type TokenKind = 'page' | 'user' | 'instagram';

export interface AccessToken {
  readonly value: string;
  readonly kind: TokenKind;
  readonly issuedAtMs: number;
  /** Undefined: it falls only by events, such as a changed password. */
  readonly expiresAtMs: number | undefined;
  readonly isLongLived: boolean;
  /** The permissions that its person granted. */
  readonly scopes: readonly string[];
  /** The app that won it. Absent: the one that `tokenAppId` names, or this one. */
  readonly appId?: string;
}

/** What a token takes over from the one that it is made from; absent: a new value, all permissions. */
export interface TokenOptions {
  readonly value?: string;
  readonly scopes?: readonly string[];
  readonly appId?: string;
}

interface PageTokenOptions extends TokenOptions {
  readonly expiresAtMs?: number | undefined;
}

/**
 * The tokens that Meta issued, with their lifetimes.
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
 */
export class AccessTokens {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #allScopes: readonly string[];
  readonly #issued = new Map<string, AccessToken>();
  readonly #codes = new Map<string, number>();
  #lastLoginMs = 0;

  /** `allScopes`: what a person who agrees to everything grants. */
  constructor(clock: Clock, random: Random, allScopes: readonly string[]) {
    this.#clock = clock;
    this.#random = random;
    this.#allScopes = allScopes;
  }

  find(value: string): AccessToken | undefined {
    return this.#issued.get(value);
  }

  /** When the person was in the app last: at their last login, and when the token was made. */
  lastUsedMs({ issuedAtMs }: AccessToken): number {
    return Math.max(issuedAtMs, this.#lastLoginMs);
  }

  all(): readonly AccessToken[] {
    return [...this.#issued.values()];
  }

  isExpired({ expiresAtMs }: AccessToken): boolean {
    return expiresAtMs !== undefined && expiresAtMs <= this.#clock.nowMs();
  }

  /** A Page token: without an expiry date, unless it is derived from a short-lived one. */
  issuePageToken({ expiresAtMs, ...options }: PageTokenOptions = {}): AccessToken {
    return this.#keep('page', options, { expiresAtMs, isLongLived: expiresAtMs === undefined });
  }

  /** As a login gives it. */
  issueShortLived(kind: 'user' | 'instagram', options: TokenOptions = {}): AccessToken {
    this.#lastLoginMs = this.#clock.nowMs();
    const expiresAtMs = this.#lastLoginMs + shortLivedMs;
    return this.#keep(kind, options, { expiresAtMs, isLongLived: false });
  }

  issueLongLived(kind: 'user' | 'instagram', options: TokenOptions = {}): AccessToken {
    const expiresAtMs = this.#clock.nowMs() + longLivedSeconds * 1000;
    return this.#keep(kind, options, { expiresAtMs, isLongLived: true });
  }

  /** Whether a long-lived token has the age that a refresh asks for. */
  isRefreshable(token: AccessToken): boolean {
    return token.isLongLived && this.#clock.nowMs() - token.issuedAtMs >= dayMs;
  }

  /** The code with which a login comes back: good for one exchange within the hour. */
  issueCode(): string {
    const code = `AQ${this.#random.bytes(32).toString('hex')}`;
    this.#codes.set(code, this.#clock.nowMs() + codeLifetimeMs);
    return code;
  }

  /** Whether the code was good. It is used up either way. */
  redeem(code: string): boolean {
    const expiresAtMs = this.#codes.get(code);
    this.#codes.delete(code);
    return expiresAtMs !== undefined && this.#clock.nowMs() < expiresAtMs;
  }

  #newValue(prefix: string): string {
    return `${prefix}${this.#random.bytes(48).toString('hex')}`;
  }

  #keep(
    kind: TokenKind,
    { value = this.#newValue(prefixes[kind]), scopes = this.#allScopes, appId }: TokenOptions,
    life: Pick<AccessToken, 'expiresAtMs' | 'isLongLived'>,
  ): AccessToken {
    const minted = appId === undefined ? {} : { appId };
    const issued = { value, kind, scopes, ...minted, issuedAtMs: this.#clock.nowMs(), ...life };
    this.#issued.set(value, issued);
    return issued;
  }
}

/** What is made from a token belongs to the same app and may do the same. */
export function inherited({ scopes, appId }: AccessToken): TokenOptions {
  return { scopes, ...(appId === undefined ? {} : { appId }) };
}

const prefixes = { page: 'EAAP', user: 'EAAU', instagram: 'IGAA' } as const;
