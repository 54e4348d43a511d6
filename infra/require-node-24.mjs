// Loaded before any .ts file. Plain JavaScript, because an older Node cannot read the TypeScript ones.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Node.js 24 or newer is needed, this is ${process.version}: run "npm ci" again (on Linux it brings Node 24 along), elsewhere install Node.js 24.`,
  );
  process.exit(1);
}
