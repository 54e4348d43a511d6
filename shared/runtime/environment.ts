/**
 * Every environment name of the project, once. `settings` are the owner's: read from the environment and
 * `.env.local` by the commands under `infra/`; `.env.example` is generated from them. `FunctionVariable` are
 * what the stack gives its functions.
 */

export interface Setting {
  /** One line: what it is. */
  readonly what: string;
  /** Where its value is found, for the settings that connect to Meta. */
  readonly where?: string;
  readonly default?: string;
  readonly values?: readonly string[];
  /** `credentials` go together: all of them or none. */
  readonly group: 'credentials' | 'instagram' | 'gateway' | 'extensions' | 'local';
}

export const settings = {
  PAGE_ACCESS_TOKEN: {
    group: 'credentials',
    what: 'Access token that sends and reads: a Page token (Facebook login) or an Instagram User token (Instagram login).',
    where:
      'Facebook login: Graph API Explorer, "Get User Access Token", then the Page\'s token from GET /me/accounts. Instagram login: App Dashboard > Instagram > API setup with Instagram login > Generate token.',
  },
  IG_USER_ID: {
    group: 'credentials',
    what: 'Id of the Instagram professional account (17 digits, 1784…), not the Page id.',
    where:
      'Facebook login: GET /{page-id}?fields=instagram_business_account. Instagram login: GET /me?fields=user_id (user_id, not id).',
  },
  WEBHOOK_VERIFY_TOKEN: {
    group: 'credentials',
    what: 'Any string of your choice; typed again in the App Dashboard when the webhook is set up.',
    where: 'Make one up, for example with: openssl rand -hex 16',
  },
  APP_SECRET: {
    group: 'credentials',
    what: 'App secret that Meta signs webhooks with; several separated by commas (rotation, or both login flavours).',
    where:
      'Facebook login: App Dashboard > App settings > Basic. Instagram login: App Dashboard > Instagram > API setup with Instagram login (the Instagram app secret).',
  },
  APP_ID: {
    group: 'instagram',
    what: 'App ids, in the order of APP_SECRET, separated by commas. Needed to check and exchange tokens, not to receive or send.',
    where: 'In the App Dashboard, beside the app secret: each secret has an id of its own.',
  },
  INSTAGRAM_LOGIN: {
    group: 'instagram',
    what: 'Which login the token comes from.',
    values: ['facebook', 'instagram'],
    default: 'facebook',
  },
  APPSECRET_PROOF: {
    group: 'instagram',
    what: 'Whether the app wants proof of its secret with every call ("Require app secret"); the first of APP_SECRET makes it.',
    values: ['off', 'on'],
    default: 'off',
  },
  HUMAN_AGENT: {
    group: 'instagram',
    what: "Whether Meta approved this app's Human Agent feature (replies by a person up to 7 days).",
    values: ['off', 'on'],
    default: 'off',
  },
  GRAPH_API_VERSION: { group: 'instagram', what: 'Version of the Graph API.', default: 'v25.0' },
  GRAPH_API_BASE_URL: {
    group: 'instagram',
    what: "Sends Graph calls elsewhere than to Meta, for tests. Unset: Meta's own host for the login flavour.",
  },
  PUBLIC_URL: {
    group: 'gateway',
    what: 'The https address under which Meta reaches this gateway.',
  },
  API_KEY: {
    group: 'gateway',
    what: 'A first API key (at least 20 characters), so that a script can know it. Unset: one is made.',
  },
  ALARM_EMAIL: {
    group: 'gateway',
    what: 'E-mail address that AWS writes to when something breaks. Read from the environment by a deploy, not from .env.local.',
  },
  MONTHLY_BUDGET_USD: {
    group: 'gateway',
    what: 'AWS writes to ALARM_EMAIL when the whole AWS account costs more a month. Read from the environment by a deploy, not from .env.local. Unset: no budget.',
  },
  RESUBSCRIBE: {
    group: 'gateway',
    what: 'Whether the hourly check renews a subscription to webhooks that has ended. On AWS read from the environment by a deploy.',
    values: ['off', 'on'],
    default: 'on',
  },
  MESSAGE_RETENTION_DAYS: {
    group: 'gateway',
    what: 'How many days a message is kept after it was sent, 1 to 3650. Unset: for ever. Holds for what is stored from then on.',
  },
  AUTO_REPLY: {
    group: 'extensions',
    what: 'Whether customers are answered automatically, by the rules below (docs/extend.md).',
    values: ['off', 'on'],
    default: 'off',
  },
  AUTO_REPLY_NOTE: {
    group: 'extensions',
    what: 'Stands before each automatic reply: Meta and many laws want it said.',
    default: 'Automatic reply:',
  },
  AUTO_REPLY_KEYWORDS: {
    group: 'extensions',
    what: 'Replies to words, as JSON: [{ "words": ["price", "cost"], "reply": "…" }]. The first that has a word of the text is sent.',
  },
  AUTO_REPLY_AWAY: {
    group: 'extensions',
    what: 'The reply while nobody is there; with AUTO_REPLY_AWAY_HOURS.',
  },
  AUTO_REPLY_AWAY_HOURS: {
    group: 'extensions',
    what: 'When nobody is there, such as: Mon-Fri 18:00-09:00, Sat-Sun 00:00-24:00',
  },
  AUTO_REPLY_TIME_ZONE: {
    group: 'extensions',
    what: 'The time zone of those hours, such as Europe/Berlin.',
    default: 'UTC',
  },
  AUTO_REPLY_PER_HOUR: {
    group: 'extensions',
    what: 'No more automatic replies than so many an hour in one conversation, 1 to 20.',
    default: '3',
  },
  AUTO_REPLY_QUIET_HOURS: {
    group: 'extensions',
    what: 'No automatic reply for so many hours after somebody else answered, 1 to 168.',
    default: '12',
  },
  FORWARD_EVENTS_URL: {
    group: 'extensions',
    what: 'https address that every event is posted to, signed (docs/extend.md). Unset: none is.',
  },
  PORT: { group: 'local', what: 'Port of the gateway on this machine.', default: '3000' },
  SIMULATOR_PORT: { group: 'local', what: 'Port of the simulated Meta on this machine.', default: '3001' },
  DATA_DIR: { group: 'local', what: 'Folder that keeps the data on this machine.', default: '.data' },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** What the stack gives each function that needs it. */
export const functionVariables = [
  'TABLE_NAME',
  'EVENTS_QUEUE_URL',
  'DEAD_LETTER_QUEUE_URL',
  'SENDS_QUEUE_URL',
  'RECONCILE_QUEUE_URL',
  'EVENTS_TOPIC_ARN',
  'SUBSCRIBER_QUEUE_URL',
  'AUTO_REPLY_RULES',
  'FORWARD_EVENTS_URL',
  'UPLOADS_BUCKET',
  'WEBHOOK_SECRET_ARN',
  'GRAPH_SECRET_ARN',
  'FORWARD_SECRET_ARN',
  'GRAPH_API_VERSION',
  'GRAPH_API_BASE_URL',
  'HUMAN_AGENT',
  'RESUBSCRIBE',
  'MESSAGE_RETENTION_DAYS',
] as const;

export type FunctionVariable = (typeof functionVariables)[number];

/** The value of a function variable. Throws with its name when it is absent: a fault of the stack, not of a caller. */
export function required(name: FunctionVariable): string {
  const value = process.env[name];
  if (!value) throw new Error(`Missing required environment variables: ${name}`);
  return value;
}

/** The value of a function variable that may be absent; an empty string counts as absent. */
export function optional(name: FunctionVariable): string | undefined {
  return process.env[name] || undefined;
}
