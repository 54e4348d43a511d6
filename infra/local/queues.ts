import { existsSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type BuildAppOptions, buildApp } from 'fauxqs';
import { arn, queueUrl, region } from './identities.ts';

type Stores = NonNullable<BuildAppOptions['stores']>;
type Persistence = NonNullable<Stores['sqsStore']['persistence']>;

export interface Subscription {
  readonly queueName: string;
  /** As SNS names them: RawMessageDelivery, FilterPolicy, FilterPolicyScope. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Queues {
  readonly url: string;
  /** Makes the queue, or gives an existing one these attributes. */
  ensureQueue(name: string, attributes: Readonly<Record<string, string>>): void;
  /** A queue whose messages are not kept on disk. */
  ensurePassingQueue(name: string): void;
  /** Makes the topic unless it exists, with exactly these subscriptions. */
  ensureTopic(name: string, subscriptions: readonly Subscription[]): void;
  stop(): Promise<void>;
}

/**
 * SQS and SNS, kept in `folder`. The emulator's own `startFauxqs` listens on every interface, hence its parts
 * are put together here.
 */
export async function startQueues(folder: string): Promise<Queues> {
  releaseInFlight(join(folder, 'fauxqs.db'));
  const { stores, persistence } = await openStores(folder);
  const app = buildApp({ logger: false, defaultRegion: region, stores });
  app.addHook('preClose', (done) => {
    persistence.close();
    done();
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const { sqsStore, snsStore } = stores;
  const create = (name: string, attributes: Readonly<Record<string, string>>) =>
    sqsStore.createQueue(name, queueUrl(url, name), arn('sqs', name), { ...attributes });
  return {
    url,
    ensureQueue: (name, attributes) => {
      const existing = sqsStore.getQueueByName(name);
      if (existing) existing.setAttributes({ ...attributes });
      else create(name, attributes);
    },
    ensurePassingQueue: (name) => {
      const queue = sqsStore.getQueueByName(name) ?? create(name, {});
      delete queue.persistence;
    },
    ensureTopic: (name, subscriptions) => {
      const topic = snsStore.createTopic(name, undefined, undefined, region);
      // Subscriptions are the template's, not data: what it no longer has must go.
      for (const old of [...topic.subscriptionArns]) snsStore.unsubscribe(old);
      for (const { queueName, attributes } of subscriptions) {
        snsStore.subscribe(topic.arn, 'sqs', arn('sqs', queueName), { ...attributes });
      }
    },
    stop: async () => {
      sqsStore.shutdown();
      await app.close();
    },
  };
}

/**
 * Makes messages visible that the last run had received and not deleted: whoever held them is gone. Their
 * count of tries goes back by one, since no try of theirs failed.
 */
function releaseInFlight(file: string): void {
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  try {
    database.exec(`
      UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL,
        approximate_receive_count = MAX(approximate_receive_count - 1, 0)
      WHERE receipt_handle IS NOT NULL`);
  } finally {
    database.close();
  }
}

async function openStores(folder: string): Promise<{ stores: Stores; persistence: Persistence }> {
  const { SqsStore } = await internal<{ SqsStore: new () => Stores['sqsStore'] }>('sqs/sqsStore.js');
  const { SnsStore } = await internal<{ SnsStore: new () => Stores['snsStore'] }>('sns/snsStore.js');
  const { S3Store } = await internal<{ S3Store: new () => Stores['s3Store'] }>('s3/s3Store.js');
  const { PersistenceManager } = await internal<{
    PersistenceManager: new (folder: string) => Persistence;
  }>('persistence.js');

  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const persistence = new PersistenceManager(folder);
  const database = Reflect.get(persistence, 'db') as DatabaseSync;
  // A write is safe from a kill without waiting for the disk, which would take most of the time there is; only a
  // power cut could cost the last ones.
  database.exec('PRAGMA synchronous = NORMAL');
  // The emulator's own statement would empty the count of tries too, which the database refuses: a message that is
  // given back at once (visibility timeout 0) would be gone until the next start.
  const giveBack = database.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  persistence.updateMessageReady = (messageId) => {
    giveBack.run(messageId);
  };
  // Loaded before the stores write through: loading would otherwise replace each row, and with a queue's row
  // its messages would go.
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  stores.sqsStore.persistence = persistence;
  stores.snsStore.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  return { stores, persistence };
}

/** A module that the package does not export; its exact version is pinned. */
async function internal<Exports>(path: string): Promise<Exports> {
  const packageJson = findPackageJSON('fauxqs', import.meta.url);
  if (!packageJson) throw new Error('The package fauxqs is not installed: run "npm ci".');
  return (await import(pathToFileURL(join(dirname(packageJson), 'dist', path)).href)) as Exports;
}
