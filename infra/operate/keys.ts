import {
  type ApiKey,
  type KeyKind,
  type KeyStore,
  keyIdStart,
  keyKinds,
  keyStore,
  newKey,
  type Role,
  roles,
} from '../../shared/runtime/keys.ts';
import { auditLine, auditLog } from './audit-log.ts';
import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import { gatewayTable } from './gateway-table.ts';

const help = `Makes, lists and revokes the API keys of a gateway, and shows who did what.

  npm run keys -- create --name inbox --role read --role send
  npm run keys -- list
  npm run keys -- revoke 1f3a9c
  npm run keys -- audit

  --name NAME     who or what uses the key (for create)
  --role ROLE     ${roles.join(', ')}; more than one is fine (for create; default read)
  --kind KIND     human for a person's key, bot for a program's (for create; default bot)
  --stage STAGE   of the gateway deployed with this stage, "default" for the first (default: the one that
                  "npm run dev" runs on this machine)

A key is shown once, when it is made: only its hash is stored. revoke takes the id that list shows, or the
start of it, and takes effect within 60 seconds. audit shows, oldest first, when which key was made or revoked, a
customer forgotten, dead letters put back or purged, sending paused or resumed, and by whom. What a key sent is told
by "sent_by" of each message, and for a month by the log lines "send" of the functions, with the start of the key's id.`;

const flags = {
  name: { type: 'string' },
  role: { type: 'string', multiple: true },
  kind: { type: 'string' },
  stage: { type: 'string' },
} as const;

await runCommand(
  help,
  flags,
  async (values, [action, ...rest]) => {
    switch (action) {
      case 'create':
        return create(await open(values.stage), describe(values));
      case 'list':
        return list((await open(values.stage)).keys);
      case 'revoke':
        return revoke(await open(values.stage), rest[0]);
      case 'audit':
        return showAudit((await open(values.stage)).audit);
      case undefined:
        throw new WrongUsage('What to do?');
      default:
        throw new WrongUsage(`"${action}" is none of its actions.`);
    }
  },
  true,
);

interface Opened {
  readonly keys: KeyStore;
  readonly audit: ReturnType<typeof auditLog>;
}

async function open(stage: string | undefined): Promise<Opened> {
  const table = await gatewayTable(stage);
  const { client, name, place } = table;
  const keys = keyStore(client, name);
  try {
    // A first call that fails says why in words of this command, whatever it was asked to do.
    await keys.list();
  } catch (error) {
    throw new CommandFailed(
      `The keys of ${place} cannot be read: ${error instanceof Error ? error.message || error.name : String(error)}`,
    );
  }
  return { keys, audit: auditLog(table) };
}

interface Description {
  readonly name: string;
  readonly kind: KeyKind;
  readonly roles: readonly Role[];
}

function describe(values: { name?: string; role?: string[]; kind?: string }): Description {
  if (!values.name?.trim()) throw new WrongUsage('Name who or what uses the key: --name');
  const oneOf = <T extends string>(flag: string, value: string, known: readonly T[]): T => {
    const found = known.find((each) => each === value);
    if (!found) throw new WrongUsage(`--${flag} takes ${known.join(' or ')}, not "${value}".`);
    return found;
  };
  return {
    name: values.name.trim(),
    kind: oneOf('kind', values.kind ?? 'bot', keyKinds),
    roles: [...new Set((values.role ?? ['read']).map((role) => oneOf('role', role, roles)))],
  };
}

async function create({ keys, audit }: Opened, description: Description): Promise<0> {
  const key = newKey();
  const { id, name } = await keys.put(key, description);
  await audit.add('key_created', { key: keyIdStart(id), name, roles: description.roles.join() });
  console.log(key);
  console.error(
    `\nThis is the only time it is shown. "${description.name}" may: ${description.roles.join(', ')}.\nUse it as the header  Authorization: Bearer <key>`,
  );
  return 0;
}

async function list(keys: KeyStore): Promise<0> {
  const all = await keys.list();
  if (all.length === 0) console.error('There are no keys yet: npm run keys -- create --name …');
  for (const key of all) console.log(line(key));
  return 0;
}

async function showAudit(audit: Opened['audit']): Promise<0> {
  const entries = await audit.entries();
  if (entries.length === 0) console.error('Nothing was done yet that is recorded.');
  for (const entry of entries) console.log(auditLine(entry));
  return 0;
}

function line({ id, name, kind, roles, createdAt }: ApiKey): string {
  return [keyIdStart(id), createdAt.slice(0, 10), kind.padEnd(5), roles.join(','), name].join('  ');
}

async function revoke({ keys, audit }: Opened, idStart: string | undefined): Promise<0> {
  if (!idStart) throw new WrongUsage('Which key? Give the id that "npm run keys -- list" shows.');
  const found = (await keys.list()).filter(({ id }) => id.startsWith(idStart));
  const [key, another] = found;
  if (!key) throw new CommandFailed(`No key has an id that starts with "${idStart}".`);
  if (another)
    throw new CommandFailed(
      `${found.length} keys have an id that starts with "${idStart}": give more of it.`,
    );
  await keys.revoke(key.id);
  await audit.add('key_revoked', { key: keyIdStart(key.id), name: key.name });
  console.log(`Revoked ${line(key)}\nIt stops working within 60 seconds.`);
  return 0;
}
