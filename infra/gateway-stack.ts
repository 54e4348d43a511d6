import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './constructs/alarms.ts';
import { ApiFunctions } from './constructs/api-functions.ts';
import { AutoReply } from './constructs/auto-reply.ts';
import { CheckAccount } from './constructs/check-account.ts';
import { ConversationStore } from './constructs/conversation-store.ts';
import { Dashboard } from './constructs/dashboard.ts';
import { DeliverSends } from './constructs/deliver-sends.ts';
import { EventQueue } from './constructs/event-queue.ts';
import { EventTopic } from './constructs/event-topic.ts';
import { ForwardEvents } from './constructs/forward-events.ts';
import { GatewaySecrets } from './constructs/gateway-secrets.ts';
import { HttpApi } from './constructs/http-api.ts';
import { MonthlyBudget } from './constructs/monthly-budget.ts';
import { ReceiveSignedRequest } from './constructs/receive-signed-request.ts';
import { ReceiveWebhook } from './constructs/receive-webhook.ts';
import { Reconcile } from './constructs/reconcile.ts';
import { ReconcileQueue } from './constructs/reconcile-queue.ts';
import { RefreshToken } from './constructs/refresh-token.ts';
import { SendQueue } from './constructs/send-queue.ts';
import { StoreEvents } from './constructs/store-events.ts';
import { Uploads } from './constructs/uploads.ts';
import { WebhookFailures } from './constructs/webhook-failures.ts';
import type { DeploySettings } from './deploy-settings.ts';
import { acknowledgeFindings } from './nag-suppressions.ts';

export interface GatewayStackProps extends StackProps {
  readonly settings: DeploySettings;
  /** Used in place of the stack's own table (docs/restore.md). */
  readonly restoredTable?: string;
}

/**
 * The whole gateway, for one Instagram account. The ids of what keeps state (`ConversationStore`, `Events`,
 * `Secrets`) are final: another id is another, empty resource.
 */
export class GatewayStack extends Stack {
  constructor(scope: Construct, id: string, { settings, restoredTable, ...props }: GatewayStackProps) {
    super(scope, id, {
      description: "Receives, keeps and answers a business's Instagram direct messages",
      ...props,
    });

    const { graph: graphSettings, resubscribe, alarmEmail, monthlyBudget, messageRetentionDays } = settings;
    const { autoReply, forwardUrl } = settings;
    const store = new ConversationStore(this, 'ConversationStore', {
      ...(restoredTable && { restoredTable }),
      ...(messageRetentionDays && { messageRetentionDays }),
    });
    const events = new EventQueue(this, 'Events');
    const sends = new SendQueue(this, 'Sends');
    const lookups = new ReconcileQueue(this, 'Lookups');
    const topic = new EventTopic(this, 'EventTopic');
    const uploads = new Uploads(this, 'Uploads');
    const secrets = new GatewaySecrets(this, 'Secrets');

    const receiveWebhook = new ReceiveWebhook(this, 'ReceiveWebhook', { secrets, events });
    const storeEvents = new StoreEvents(this, 'StoreEvents', { events, sends, lookups, store, topic });
    // The reader of the queue learns a new kind of body before its writer does.
    receiveWebhook.function.node.addDependency(storeEvents.function);
    const sending = { store, events, sends, lookups, uploads, secrets, graphSettings };
    const api = new ApiFunctions(this, 'Api', sending);
    api.node.addDependency(storeEvents.function);
    const signedRequests = new ReceiveSignedRequest(this, 'ReceiveSignedRequest', { secrets, store });
    const http = new HttpApi(this, 'HttpApi', { functions: [receiveWebhook, signedRequests, ...api.all] });
    uploads.allowFrom(http);
    new DeliverSends(this, 'DeliverSends', sending);
    new Reconcile(this, 'Reconcile', { store, events, lookups, secrets, graphSettings });
    new CheckAccount(this, 'CheckAccount', { store, events, secrets, graphSettings, resubscribe });
    new RefreshToken(this, 'RefreshToken', { secrets, graphSettings });

    if (autoReply) new AutoReply(this, 'AutoReply', { topic, store, sends, rules: autoReply });
    const forward = forwardUrl
      ? new ForwardEvents(this, 'ForwardEvents', { topic, url: forwardUrl })
      : undefined;
    // Code of your own subscribes here (docs/extend.md): what stands below watches it too.

    const { metric: webhookFailures } = new WebhookFailures(this, 'WebhookFailures', http);
    const watched = { events, sends, lookups, webhookFailures, subscribers: topic.subscribers };
    const alarms = new Alarms(this, 'Alarms', { ...watched, ...(alarmEmail && { email: alarmEmail }) });
    new Dashboard(this, 'Dashboard', { ...watched, alarms: alarms.all });
    if (monthlyBudget) new MonthlyBudget(this, 'MonthlyBudget', monthlyBudget);
    acknowledgeFindings({ http, secrets, uploads, ...(forward && { forward }) });

    const outputs = {
      CallbackUrl: `${http.url}/api/webhook`,
      ApiUrl: `${http.url}/api`,
      InboxUrl: `${http.url}/`,
      TableName: store.table.tableName,
      EventsQueueUrl: events.queue.queueUrl,
      DeadLetterQueueUrl: events.deadLetterQueue.queueUrl,
      EventsTopicArn: topic.topic.topicArn,
      WebhookSecretArn: secrets.webhook.ref,
      GraphSecretArn: secrets.graph.ref,
      AlarmsTo: alarmEmail ?? 'nobody',
      ...(forward && { ForwardSecretArn: forward.secret.ref }),
      ...(restoredTable && { RestoredTable: restoredTable }),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
