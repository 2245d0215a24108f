// npm's oidc-provider on loopback, for our client application: `node provider.mjs CLIENTS`, where CLIENTS is JSON,
// a list of registrations. Prints one JSON line when it answers; keeps everything in memory.
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';

// Its advice to those who go into production; standard output is for our line alone.
console.info = console.warn = () => {};
const { default: Provider } = await import('oidc-provider');

const API = 'https://api.example';

async function signingKey(alg, options) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, ...options });
  return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `peer-${alg}` };
}

const keys = await Promise.all(['RS256', 'PS256', 'ES256', 'Ed25519'].map((alg) => signingKey(alg)));
const server = createServer();
await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: JSON.parse(process.argv[2]),
  jwks: { keys },
  cookies: { keys: ['only for tests'] },
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  async findAccount(context, id) {
    return { accountId: id, claims: async () => ({ sub: id, name: `${id} of the peer`, email: `${id}@peer.example` }) };
  },
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => API,
      useGrantedResource: () => false,
      getResourceServerInfo: () => ({
        audience: API,
        scope: 'notes:read',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  // Its own guard against requests to this machine is left out: the application under test is on this machine. And
  // its 2.5 seconds for an answer are short when every core is busy.
  fetch: (address, { dispatcher, signal, ...options }) =>
    fetch(address, { ...options, signal: AbortSignal.timeout(30_000) }),
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'Ed25519'] },
  ttl: {
    AccessToken: 600,
    AuthorizationCode: 60,
    IdToken: 600,
    Interaction: 600,
    Grant: 3600,
    Session: 3600,
    RefreshToken: 3600,
  },
});
server.on('request', provider.callback());
console.log(JSON.stringify({ issuer }));
