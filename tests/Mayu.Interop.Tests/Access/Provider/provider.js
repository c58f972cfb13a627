// An OpenID provider on https://127.0.0.1:9443, with new keys at each start. Arguments: its certificate, its key.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';

const [, , certificate, key] = process.argv;
const groups = { alice: ['staff', 'mayu-operators'], bob: ['mayu-viewers'], carol: ['staff'] };
const signing = { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: randomUUID() };
const provider = new Provider('https://127.0.0.1:9443', {
  jwks: { keys: [signing] },
  clients: Object.keys(groups).map((name) => ({
    client_id: name, client_secret: 'secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
  })),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: '', audience: resource.endsWith('/mayu') ? 'mayu' : resource, accessTokenFormat: 'jwt', accessTokenTTL: 600,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  extraTokenClaims: (_, token) => ({ groups: groups[token.clientId] }),
});
createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, provider.callback()).listen(9443, '127.0.0.1', () => console.log('provider listens'));
