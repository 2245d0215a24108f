// npm's oidc-provider with one service client and one application for people; access tokens are JWTs (RS256), all is
// kept in memory. Who is asked to log in is alice, and she agrees: it answers that itself, without a password.
import http from "node:http";
import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.argv[2]}/`);
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = { ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "bench" };
const server = http.createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const api = `${issuer}/api`;
const redirect = "https://app.example/callback"; // never asked: the code is read from the redirect

const provider = new Provider(issuer, {
  jwks: { keys: [jwk] },
  scopes: ["openid", "offline_access", "notes:read"],
  cookies: { keys: ["only for a benchmark"] },
  clients: [
    {
      client_id: "worker",
      client_secret: "secret",
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
    },
    {
      client_id: "spa",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      redirect_uris: [redirect],
    },
  ],
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  issueRefreshToken: () => true,
  rotateRefreshToken: () => true,
  interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => api,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: "notes:read",
        audience: api,
        accessTokenFormat: "jwt",
        accessTokenTTL: 900,
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
});
const answer = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") return provider.interactionFinished(request, response, { login: { accountId: "alice" } });
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope("openid offline_access notes:read");
  grant.addResourceScope(api, "notes:read");
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
});
console.log(
  JSON.stringify({ authorize: `${issuer}/auth`, token: `${issuer}/token`, client_id: "spa", redirect_uri: redirect }),
);
process.on("SIGTERM", () => process.exit(0));
