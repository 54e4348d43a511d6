/** A gateway in a process of its own, for the tests that kill it: the fixture's stack, in the folder given. */
import { startFixture } from './fixture.ts';

const gateway = await startFixture({}, process.argv[2]);
console.log(
  JSON.stringify({
    url: gateway.url,
    idleQueueUrl: gateway.queueUrl('IdleQueue'),
    sqs: gateway.endpoints.sqs,
    apiKey: gateway.apiKey,
  }),
);
