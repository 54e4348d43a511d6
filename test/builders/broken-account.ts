import type { CheckInput } from '../../shared/account/check-account.ts';
import type { FindingCode } from '../../shared/account/finding-catalogue.ts';
import type { AccountOptions, ConnectedAccount, Login } from './connected-account.ts';

/** One thing that can be wrong, and the one code that it has to give. */
export interface BrokenState {
  readonly state: string;
  readonly code: FindingCode;
  /** Default both. */
  readonly logins?: readonly Login[];
  /** How the simulated Meta starts. */
  readonly options?: AccountOptions | ((login: Login) => AccountOptions);
  /** What is done before the check; gives the input where it is another one. */
  readonly breakIt?: (
    connected: ConnectedAccount,
    login: Login,
  ) => CheckInput | undefined | Promise<CheckInput | undefined>;
}

/** The input with other observations beside those of a healthy account; `undefined` takes one away. */
export function observing(
  { input }: ConnectedAccount,
  changes: { readonly [Name in keyof CheckInput['observed']]: CheckInput['observed'][Name] | undefined },
): CheckInput {
  const changed = Object.entries({ ...input.observed, ...changes }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...input, observed: Object.fromEntries(changed) };
}

type Webhook = NonNullable<CheckInput['connection']['webhook']>;
type Graph = NonNullable<CheckInput['connection']['graph']>;

/** The input with other values configured. */
export function configured(
  { input }: Pick<ConnectedAccount, 'input'>,
  { apps, ...graph }: Partial<Graph> & { readonly apps?: Webhook['apps'] },
): CheckInput {
  const { connection } = input;
  return {
    ...input,
    connection: {
      ...(connection.webhook && { webhook: { ...connection.webhook, ...(apps && { apps }) } }),
      ...(connection.graph && { graph: { ...connection.graph, ...graph } }),
    },
  };
}
