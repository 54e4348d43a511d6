/**
 * In place of the SDK's event streams (`@smithy/core/event-streams`), in the functions' bundles alone: it loads them for
 * an operation that has one, and DynamoDB, SQS, SNS and Secrets Manager have none.
 */
export {};
