/** A gateway in a process of its own, for the tests that kill it: the fixture's stack, in the folder given. */
import { startFixture } from './fixture.ts';

const { url, queueUrl, endpoints, apiKey } = await startFixture({}, process.argv[2]);
console.log(JSON.stringify({ url, idleQueueUrl: queueUrl('IdleQueue'), sqs: endpoints.sqs, apiKey }));
