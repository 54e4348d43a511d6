import { Construct } from 'constructs';
import type { GraphSettings } from '../deploy-settings.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { EventQueue } from './event-queue.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { GatewaySecrets } from './gateway-secrets.ts';
import type { ReconcileQueue } from './reconcile-queue.ts';
import type { SendQueue } from './send-queue.ts';
import type { Uploads } from './uploads.ts';

export interface ApiFunctionsProps {
  readonly store: ConversationStore;
  readonly events: EventQueue;
  readonly sends: SendQueue;
  readonly lookups: ReconcileQueue;
  readonly uploads: Uploads;
  readonly secrets: GatewaySecrets;
  readonly graphSettings: GraphSettings;
}

/** A call to Graph may take 20 s; the function outlasts it, and the API's 30 s outlast the function. */
const graphTimeoutSeconds = 28;
const readTimeoutSeconds = 10;

/**
 * What answers the owner's code and the inbox. All but `describe-api` look the caller's key up in the store;
 * what calls Graph also counts its calls there, to stay within Meta's rate limits.
 */
export class ApiFunctions extends Construct {
  readonly all: readonly GatewayFunction[];

  constructor(scope: Construct, id: string, props: ApiFunctionsProps) {
    super(scope, id);
    const { store, events, sends, lookups, uploads, secrets, graphSettings } = props;
    const { HUMAN_AGENT } = graphSettings;

    const sendMessage = new GatewayFunction(this, 'SendMessage', {
      name: 'send-message',
      memoryMegabytes: 512,
      timeoutSeconds: graphTimeoutSeconds,
      environment: { ...graphSettings },
    });
    store.grant(sendMessage, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem');
    secrets.grantReadGraph(sendMessage);
    events.grantSend(sendMessage);
    sends.grantSend(sendMessage);
    uploads.grantFetch(sendMessage);

    const sendSenderAction = new GatewayFunction(this, 'SendSenderAction', {
      name: 'send-sender-action',
      memoryMegabytes: 512,
      timeoutSeconds: graphTimeoutSeconds,
      environment: { ...graphSettings },
    });
    store.grant(sendSenderAction, 'GetItem', 'PutItem', 'UpdateItem');
    secrets.grantReadGraph(sendSenderAction);
    events.grantSend(sendSenderAction);

    const createUpload = new GatewayFunction(this, 'CreateUpload', {
      name: 'create-upload',
      memoryMegabytes: 256,
      timeoutSeconds: readTimeoutSeconds,
    });
    store.grant(createUpload, 'GetItem');
    uploads.grantPut(createUpload);

    const getSend = new GatewayFunction(this, 'GetSend', {
      name: 'get-send',
      memoryMegabytes: 512,
      timeoutSeconds: readTimeoutSeconds,
    });
    store.grant(getSend, 'GetItem');

    const getMessages = new GatewayFunction(this, 'GetMessages', {
      name: 'get-messages',
      memoryMegabytes: 512,
      timeoutSeconds: graphTimeoutSeconds,
      environment: { ...graphSettings },
    });
    store.grant(getMessages, 'GetItem', 'BatchGetItem', 'Query', 'UpdateItem');
    secrets.grantReadGraph(getMessages);
    lookups.grantSend(getMessages);

    const listConversations = new GatewayFunction(this, 'ListConversations', {
      name: 'list-conversations',
      memoryMegabytes: 512,
      timeoutSeconds: readTimeoutSeconds,
      environment: { HUMAN_AGENT },
    });
    store.grant(listConversations, 'GetItem', 'BatchGetItem', 'Query');

    const listMessages = new GatewayFunction(this, 'ListMessages', {
      name: 'list-messages',
      memoryMegabytes: 512,
      timeoutSeconds: readTimeoutSeconds,
    });
    store.grant(listMessages, 'GetItem', 'BatchGetItem', 'Query');

    const markRead = new GatewayFunction(this, 'MarkRead', {
      name: 'mark-read',
      memoryMegabytes: 512,
      timeoutSeconds: readTimeoutSeconds,
    });
    store.grant(markRead, 'GetItem', 'PutItem', 'UpdateItem');

    const getStatus = new GatewayFunction(this, 'GetStatus', {
      name: 'get-status',
      memoryMegabytes: 512,
      timeoutSeconds: readTimeoutSeconds,
    });
    store.grant(getStatus, 'GetItem');

    const manageSession = new GatewayFunction(this, 'ManageSession', {
      name: 'manage-session',
      memoryMegabytes: 512,
      timeoutSeconds: readTimeoutSeconds,
    });
    store.grant(manageSession, 'GetItem', 'PutItem', 'UpdateItem');

    const editSavedReplies = new GatewayFunction(this, 'EditSavedReplies', {
      name: 'edit-saved-replies',
      memoryMegabytes: 512,
      timeoutSeconds: readTimeoutSeconds,
    });
    store.grant(editSavedReplies, 'GetItem', 'PutItem');

    const inbox = new GatewayFunction(this, 'Inbox', {
      name: 'inbox',
      memoryMegabytes: 256,
      timeoutSeconds: 5,
    });
    uploads.tell(inbox);

    const describeApi = new GatewayFunction(this, 'DescribeApi', {
      name: 'describe-api',
      memoryMegabytes: 256,
      timeoutSeconds: 5,
    });

    this.all = [
      sendMessage,
      sendSenderAction,
      createUpload,
      getSend,
      getMessages,
      listConversations,
      listMessages,
      markRead,
      getStatus,
      manageSession,
      editSavedReplies,
      inbox,
      describeApi,
    ];
  }
}
