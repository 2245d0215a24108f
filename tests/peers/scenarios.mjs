// What openid-client and oauth4webapi make of our server: `node scenarios.mjs NAME`, with the JSON line of
// `jwtlab serve --json` on standard input. Prints one JSON line; the Python tests say what has to be in it.
import { readFileSync } from 'node:fs';
import { SignJWT, importJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { Browser } from './browser.mjs';

// Nobody answers there: the browser stops in front of it. Any port of a loopback address fits (RFC 8252 §7.3).
const HOME = 'http://127.0.0.1:9/callback';
// Registered as it stands: at logout no port is free.
const PLAIN_HOME = 'http://127.0.0.1/callback';
const EVERYTHING = 'openid profile email offline_access notes:read notes:write';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const WITHOUT_PKCE = { code_challenge: undefined, code_challenge_method: undefined };
const LOOPBACK = { [oauth.allowInsecureRequests]: true };

const served = JSON.parse(readFileSync(0, 'utf8'));
const issuer = new URL(served.issuer);
const [alice, bob] = ['alice', 'bob'].map((name) => served.users.find((each) => each.username === name));
const registered = (id) => served.clients.find((each) => each.client_id === id);

// A client as openid-client wants it, with everything discovered and every signature checked.
async function client(id, more = {}) {
  const { client_secret: secret, token_endpoint_auth_method: method, jwk } = registered(id);
  const ways = {
    none: () => oidc.None(),
    client_secret_basic: () => oidc.ClientSecretBasic(more.secret ?? secret),
    client_secret_post: () => oidc.ClientSecretPost(more.secret ?? secret),
    private_key_jwt: () => oidc.PrivateKeyJwt(more.key, more.options),
  };
  if (jwk && !more.key) more.key = await importJWK(jwk, 'ES256');
  const config = await oidc.discovery(issuer, id, more.metadata, ways[more.method ?? method](), {
    algorithm: more.algorithm,
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  });
  return config;
}

// What a refusal says, whoever it comes from: the server (in a body, a challenge or a redirect) or the peer itself.
async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    switch (error.name) {
      case 'ResponseBodyError':
        return { from: 'server', status: error.status, error: error.error };
      case 'AuthorizationResponseError':
        return { from: 'server', error: error.error };
      case 'WWWAuthenticateChallengeError': {
        const [{ scheme, parameters }] = error.cause;
        const body = await error.response.json().catch(() => ({}));
        return { from: 'server', status: error.status, error: body.error, scheme, challenge: parameters.error };
      }
      default:
        return { from: 'peer', error: error.code ?? error.message };
    }
  }
  return null;
}

const present = (parameters) => Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));

// The authorization request of a login, and what has to be remembered until the browser is back.
async function wish(more = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const parameters = present({
    redirect_uri: HOME,
    scope: EVERYTHING,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    ...more,
  });
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: parameters.state,
    expectedNonce: parameters.nonce,
    idTokenExpected: parameters.scope.split(' ').includes('openid'),
  };
  return { parameters, checks };
}

// A whole login with a code: the tokens, and what they came from.
async function logIn(config, { browser = new Browser(alice, HOME), parameters, DPoP, push = false } = {}) {
  const asked = await wish(parameters);
  const address = push
    ? await oidc.buildAuthorizationUrlWithPAR(config, asked.parameters, { DPoP })
    : oidc.buildAuthorizationUrl(config, asked.parameters);
  const { back, titles, said } = await browser.visit(address);
  if (!back) throw new Error(`the browser did not come back: ${said}`);
  const redeem = () => oidc.authorizationCodeGrant(config, back.clone(), asked.checks, undefined, { DPoP });
  return { tokens: await redeem(), back, titles, browser, redeem, asked, address };
}

async function api(config, token, path, { method = 'GET', body, DPoP } = {}) {
  const headers = new Headers(body ? { 'content-type': 'application/json' } : {});
  const address = new URL(`${served.api}${path}`);
  const text = body && JSON.stringify(body);
  const answer = await oidc.fetchProtectedResource(config, token, address, method, text, headers, { DPoP });
  return { status: answer.status, ...(await answer.json()) };
}

const scenarios = {
  // OpenID Connect Discovery §4, RFC 8414 §3
  async discovery() {
    const found = {};
    for (const algorithm of ['oidc', 'oauth2']) {
      found[algorithm] = (await client('spa', { algorithm })).serverMetadata();
    }
    const other = new URL(issuer);
    other.hostname = 'localhost';
    const insecure = { execute: [oidc.allowInsecureRequests] };
    const wrong = await refusal(oidc.discovery(other, 'spa', undefined, oidc.None(), insecure));
    return { ...found, wrong };
  },

  // RFC 6749 §4.1, RFC 7636, OpenID Connect Core §3.1: every kind of client
  async code({ id }) {
    const config = await client(id);
    const { tokens, titles, browser, asked, back } = await logIn(config, { parameters: { max_age: 3600 } });
    const again = await logIn(config, { browser, parameters: { prompt: 'none' } });
    const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    const noted = { method: 'POST', body: { text: `from ${id}` } };
    return {
      titles,
      silent: again.titles,
      claims: tokens.claims(),
      nonce: asked.checks.expectedNonce,
      client_secret: registered(id).client_secret,
      scope: tokens.scope,
      expires_in: tokens.expiresIn(),
      refreshable: tokens.refresh_token !== undefined,
      iss: new URL(back.url).searchParams.get('iss'),
      userinfo,
      wrong_subject: await refusal(oidc.fetchUserInfo(config, tokens.access_token, 'mallory')),
      me: await api(config, tokens.access_token, '/me'),
      notes: await api(config, tokens.access_token, '/notes'),
      written: await api(config, tokens.access_token, '/notes', noted),
    };
  },

  // What must not work around the code (RFC 6749 §4.1.2.1 and §5.2, RFC 7636 §4.6)
  async codeRefused() {
    const config = await client('spa');
    const browser = new Browser(alice, HOME);
    const answered = async (more, press, config_ = config, browser_ = browser) => {
      const { parameters, checks } = await wish(more);
      const { back, ...page } = await browser_.visit(oidc.buildAuthorizationUrl(config_, parameters), press);
      return { back, page, redeem: (changed) => oidc.authorizationCodeGrant(config_, back, { ...checks, ...changed }) };
    };
    const asked = async (more, press, changed) => refusal((await answered(more, press)).redeem(changed));
    const found = {
      login_required: await asked({ prompt: 'none' }),
      denied: await asked({ prompt: 'consent' }, 'Deny'),
      verifier: await asked({}, 'Allow', { pkceCodeVerifier: oidc.randomPKCECodeVerifier() }),
      state: await asked({}, 'Allow', { expectedState: 'another' }),
      nonce: await asked({}, 'Allow', { expectedNonce: 'another' }),
      without_pkce: await asked({ ...WITHOUT_PKCE }),
      plain: await asked({ code_challenge_method: 'plain' }),
      scope: await asked({ scope: 'openid everything' }),
      request_object: await asked({ request: 'e30.e30.' }),
    };
    const astray = await answered({ redirect_uri: 'http://127.0.0.1:9/elsewhere' });
    const stranger = await answered({ client_id: 'mallory' });
    const [web, wrong] = [await client('web'), await client('web', { secret: 'wrong' })];
    const { redeem } = await answered({}, 'Allow', wrong);
    const { back } = await answered({}, 'Allow', web);
    const unchecked = { expectedState: oidc.skipStateCheck };
    return {
      ...found,
      redirect_uri: astray.page,
      client_id: stranger.page,
      secret: await refusal(redeem()),
      stolen: await refusal(oidc.authorizationCodeGrant(config, back, unchecked)),
      without_token: await refusal(api(config, 'x', '/notes')),
    };
  },

  // A code is good once, and the tokens of a code that comes twice die (RFC 6749 §4.1.2)
  async codeReplay() {
    const config = await client('spa');
    const { tokens, redeem } = await logIn(config);
    const before = await oidc.fetchUserInfo(config, tokens.access_token, 'alice');
    return {
      before,
      replay: await refusal(redeem()),
      userinfo: await refusal(oidc.fetchUserInfo(config, tokens.access_token, 'alice')),
      refresh: await refusal(oidc.refreshTokenGrant(config, tokens.refresh_token)),
    };
  },

  // RFC 9126
  async par() {
    const found = {};
    for (const id of ['spa', 'web', 'web-post', 'worker-jwt']) {
      const config = await client(id);
      const { tokens, address } = await logIn(config, { push: true });
      found[id] = { shown: [...address.searchParams.keys()].sort(), sub: tokens.claims().sub };
    }
    const config = await client('web');
    const { browser, address } = await logIn(config, { push: true });
    const { back, ...again } = await browser.visit(address);
    const pushed = async (config_, more) =>
      refusal(oidc.buildAuthorizationUrlWithPAR(config_, (await wish(more)).parameters));
    const foreign = await oidc.buildAuthorizationUrlWithPAR(config, (await wish()).parameters);
    foreign.searchParams.set('client_id', 'spa');
    return {
      ...found,
      again,
      foreign: await browser.visit(foreign),
      secret: await pushed(await client('web', { secret: 'wrong' })),
      redirect_uri: await pushed(config, { redirect_uri: 'https://evil.example/' }),
      without_pkce: await pushed(config, { ...WITHOUT_PKCE }),
      nested: await pushed(config, { request_uri: 'urn:ietf:params:oauth:request_uri:x' }),
    };
  },

  // OpenID Connect Core §3.3: code id_token, in the fragment and as a form; code id_token token
  async hybrid() {
    const found = {};
    for (const mode of ['fragment', 'form_post']) {
      const config = await client('web');
      oidc.useCodeIdTokenResponseType(config);
      const { tokens, back } = await logIn(config, { parameters: { response_mode: mode } });
      found[mode] = { claims: tokens.claims(), method: back.method };
    }
    const config = await client('web');
    oidc.useCodeIdTokenResponseType(config);
    const swapped = async (change) => {
      const asked = await wish();
      const { back } = await new Browser(alice, HOME).visit(oidc.buildAuthorizationUrl(config, asked.parameters));
      const address = new URL(back.url);
      const answer = new URLSearchParams(address.hash.slice(1));
      change(answer);
      address.hash = answer.toString();
      return refusal(oidc.authorizationCodeGrant(config, address, asked.checks));
    };
    const asked = await wish({ response_mode: 'query' });
    const { back } = await new Browser(alice, HOME).visit(oidc.buildAuthorizationUrl(config, asked.parameters));
    return {
      ...found,
      other_code: await swapped((answer) => answer.set('code', 'another')),
      query: new URLSearchParams(new URL(back.url).hash.slice(1)).get('error'),
      all: await hybridWithEverything(),
    };
  },

  // OpenID Connect Core §3.2: an ID token and nothing else
  async implicitIdToken() {
    const found = {};
    for (const mode of ['fragment', 'form_post']) {
      const config = await client('spa');
      oidc.useIdTokenResponseType(config);
      const { parameters, checks } = await wish({ response_mode: mode, ...WITHOUT_PKCE });
      const { back } = await new Browser(bob, HOME).visit(oidc.buildAuthorizationUrl(config, parameters));
      found[mode] = await oidc.implicitAuthentication(config, back.clone(), checks.expectedNonce, checks);
      found[`${mode}_nonce`] = await refusal(oidc.implicitAuthentication(config, back, 'another', checks));
    }
    // openid-client does not even ask without a nonce.
    const config = await client('spa');
    const { parameters } = await wish({ nonce: undefined, response_type: 'id_token' });
    const { back } = await new Browser(bob, HOME).visit(oidc.buildAuthorizationUrl(config, parameters));
    return { ...found, without_nonce: new URLSearchParams(new URL(back.url).hash.slice(1)).get('error') };
  },

  // RFC 6749 §4.2, OpenID Connect Core §3.2.2: retired, and only where the server was told to allow it
  async implicitToken() {
    const config = await client('spa');
    const found = {};
    for (const response_type of ['token', 'id_token token']) {
      const { parameters } = await wish({ response_type });
      const { back } = await new Browser(alice, HOME).visit(oidc.buildAuthorizationUrl(config, parameters));
      const answer = Object.fromEntries(new URLSearchParams(new URL(back.url).hash.slice(1)));
      const { access_token: token } = answer;
      found[response_type] = {
        error: answer.error,
        names: Object.keys(answer).sort(),
        notes: token && (await api(config, token, '/notes')),
        userinfo: token && (await oidc.fetchUserInfo(config, token, 'alice')),
      };
    }
    const password = { ...alice, scope: 'notes:read' };
    const legacy = await refusal(oidc.genericGrantRequest(config, 'password', password));
    return { ...found, password: legacy, announced: config.serverMetadata().response_types_supported };
  },

  // RFC 6749 §6, RFC 9700 §4.14.2: rotation, and what happens when an old one comes back
  async refresh({ id }) {
    const config = await client(id);
    const { tokens } = await logIn(config);
    const second = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    const narrow = await oidc.refreshTokenGrant(config, second.refresh_token, { scope: 'openid notes:read' });
    const wider = { scope: 'openid everything' };
    const asked = await refusal(oidc.refreshTokenGrant(config, narrow.refresh_token, wider));
    const notes = await api(config, narrow.access_token, '/notes');
    const thief = await client(id === 'spa' ? 'web-post' : 'spa');
    const stolen = await refusal(oidc.refreshTokenGrant(thief, narrow.refresh_token));
    const third = await oidc.refreshTokenGrant(config, narrow.refresh_token);
    return {
      rotated: new Set([tokens, second, narrow, third].map((each) => each.refresh_token)).size,
      sub: second.claims().sub,
      same_login: second.claims().auth_time === tokens.claims().auth_time,
      narrow: narrow.scope,
      again: third.scope,
      notes,
      wider: asked,
      stolen,
      unknown: await refusal(oidc.refreshTokenGrant(config, 'never-given')),
      replay: await refusal(oidc.refreshTokenGrant(config, tokens.refresh_token)),
      newest: await refusal(oidc.refreshTokenGrant(config, third.refresh_token)),
      userinfo: await refusal(oidc.fetchUserInfo(config, third.access_token, 'alice')),
    };
  },

  // RFC 6749 §4.4
  async clientCredentials() {
    const config = await client('worker');
    const tokens = await oidc.clientCredentialsGrant(config, { scope: 'notes:read' });
    const asked = (config_, parameters) => refusal(oidc.clientCredentialsGrant(config_, parameters));
    const notes = { method: 'POST', body: { text: 'x' } };
    return {
      tokens,
      notes: await api(config, tokens.access_token, '/notes'),
      write: await refusal(api(config, tokens.access_token, '/notes', notes)),
      scope: await asked(config, { scope: 'email' }),
      resource: await asked(config, { resource: 'https://elsewhere.example' }),
      secret: await asked(await client('worker', { secret: 'wrong' })),
      method: await asked(await client('worker', { method: 'client_secret_post' })),
      public: await asked(await client('spa')),
      grant: await refusal(oidc.genericGrantRequest(config, 'urn:example:unknown', {})),
    };
  },

  // RFC 7523 §2.2, OpenID Connect Core §9
  async privateKeyJwt() {
    const config = await client('worker-jwt');
    const tokens = await oidc.clientCredentialsGrant(config, { scope: 'notes:read' });
    const changed = (change) => ({ options: { [oidc.modifyAssertion]: (header, payload) => change(payload) } });
    const asked = async (more) => refusal(oidc.clientCredentialsGrant(await client('worker-jwt', more)));
    const { privateKey: key } = await oauth.generateKeyPair('ES256');
    const { tokens: person } = await logIn(config);
    return {
      scope: tokens.scope,
      me: await api(config, tokens.access_token, '/roles'),
      sub: person.claims().sub,
      refreshed: (await oidc.refreshTokenGrant(config, person.refresh_token)).scope,
      other_key: await asked({ key }),
      audience: await asked(changed((claims) => { claims.aud = 'https://elsewhere.example'; })),
      expired: await asked(changed((claims) => { claims.exp = claims.iat - 60; })),
      replayed: [await asked(changed((claims) => { claims.jti = 'once'; })),
        await asked(changed((claims) => { claims.jti = 'once'; }))],
      unnamed: await asked(changed((claims) => { delete claims.jti; })),
      secret: await asked({ method: 'client_secret_post', secret: 'guessed' }),
      none: await asked({ method: 'none' }),
    };
  },

  // RFC 7523 §2.1
  async jwtBearer() {
    const config = await client('worker-jwt');
    const key = await importJWK(registered('worker-jwt').jwk, 'ES256');
    const asked = async (subject, jti, secret = key) => {
      const assertion = await new SignJWT({ jti })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer('worker-jwt')
        .setSubject(subject)
        .setAudience(served.issuer)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(secret);
      const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
      return oidc.genericGrantRequest(config, grant, { assertion, scope: 'notes:read' });
    };
    const tokens = await asked('bob', 'first');
    const { privateKey: other } = await oauth.generateKeyPair('ES256');
    return {
      notes: await api(config, tokens.access_token, '/notes'),
      refreshable: tokens.refresh_token !== undefined,
      again: await refusal(asked('bob', 'first')),
      stranger: await refusal(asked('nobody', 'second')),
      other_key: await refusal(asked('bob', 'third', other)),
    };
  },

  // RFC 8628: openid-client waits and asks as its section 3.5 wants; the refusals are asked for by hand
  async device() {
    const config = await client('tv');
    const [as, tv] = [config.serverMetadata(), { client_id: 'tv' }];
    const poll = async (code) => {
      const answer = await oauth.deviceCodeGrantRequest(as, tv, oauth.None(), code, LOOPBACK);
      return oauth.processDeviceCodeResponse(as, tv, answer);
    };
    const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid profile notes:read' });
    const polling = oidc.pollDeviceAuthorizationGrant(config, begun);
    const { titles } = await new Browser(bob, HOME).visit(begun.verification_uri_complete);
    const other = await oidc.initiateDeviceAuthorization(config, { scope: 'notes:read' });
    const pending = await refusal(poll(other.device_code));
    const hasty = await refusal(poll(other.device_code));
    const third = await oidc.initiateDeviceAuthorization(config, { scope: 'notes:read' });
    await new Browser(bob, HOME).visit(third.verification_uri_complete, 'Deny');
    const tokens = await polling;
    return {
      titles,
      interval: begun.interval,
      user_code: begun.user_code,
      claims: tokens.claims(),
      notes: await api(config, tokens.access_token, '/notes'),
      refreshed: (await oidc.refreshTokenGrant(config, tokens.refresh_token)).scope,
      used: await refusal(poll(begun.device_code)),
      pending,
      hasty,
      denied: await refusal(poll(third.device_code)),
      unknown: await refusal(poll('never-given')),
      not_registered: await refusal(oidc.initiateDeviceAuthorization(await client('spa'), {})),
    };
  },

  // RFC 8693
  async tokenExchange() {
    const [spa, config] = [await client('spa'), await client('api')];
    // Without openid: the token is for the API alone, and may be exchanged there.
    const { tokens } = await logIn(spa, { parameters: { scope: 'profile notes:read', nonce: undefined } });
    const subject = tokens.access_token;
    const asked = (more, config_ = config) =>
      oidc.genericGrantRequest(config_, TOKEN_EXCHANGE, {
        subject_token: subject,
        subject_token_type: ACCESS_TOKEN,
        audience: served.api,
        scope: 'profile',
        ...more,
      });
    const got = await asked({});
    return {
      issued_token_type: got.issued_token_type,
      scope: got.scope,
      me: await api(config, got.access_token, '/me'),
      notes: await refusal(api(config, got.access_token, '/notes')),
      wider: await refusal(asked({ scope: 'notes:write' })),
      audience: await refusal(asked({ audience: 'https://elsewhere.example' })),
      type: await refusal(asked({ subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' })),
      forged: await refusal(asked({ subject_token: `${subject.slice(0, -4)}AAAA` })),
      not_registered: await refusal(asked({}, spa)),
    };
  },

  // RFC 9449: bound to a key, at the token endpoint, the API and userinfo
  async dpop({ alg }) {
    const config = await client('spa');
    const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair(alg));
    const other = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair(alg));
    const sent = [];
    config[oidc.customFetch] = (address, options) => {
      if (new Headers(options.headers).has('dpop')) sent.push([address, options]);
      return fetch(address, options);
    };
    const { tokens } = await logIn(config, { DPoP });
    const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, 'alice', { DPoP });
    const notes = await api(config, tokens.access_token, '/notes', { DPoP });
    const repeated = await fetch(...sent.at(-1));
    const { tokens: bearer } = await logIn(config);
    const second = await oidc.refreshTokenGrant(config, tokens.refresh_token, {}, { DPoP });
    return {
      token_type: tokens.token_type,
      notes,
      userinfo,
      refreshed: second.token_type,
      claims: payload(tokens.access_token),
      downgraded: await refusal(api(config, tokens.access_token, '/notes')),
      downgraded_userinfo: await refusal(oidc.fetchUserInfo(config, tokens.access_token, 'alice')),
      other_key: await refusal(api(config, tokens.access_token, '/notes', { DPoP: other })),
      upgraded: await refusal(api(config, bearer.access_token, '/notes', { DPoP })),
      replayed: { status: repeated.status, ...(await repeated.json()) },
      refresh_other_key: await refusal(oidc.refreshTokenGrant(config, second.refresh_token, {}, { DPoP: other })),
      refresh_without: await refusal(oidc.refreshTokenGrant(config, second.refresh_token)),
    };
  },

  // RFC 9449 §10: the code is bound to the key too, by dpop_jkt or by the proof of the pushed request
  async dpopBoundCode({ way }) {
    const config = await client('spa');
    const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
    const other = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
    const begun = async () => {
      const asked = await wish(way === 'dpop_jkt' ? { dpop_jkt: await DPoP.calculateThumbprint() } : {});
      const address = way === 'pushed'
        ? await oidc.buildAuthorizationUrlWithPAR(config, asked.parameters, { DPoP })
        : oidc.buildAuthorizationUrl(config, asked.parameters);
      const { back } = await new Browser(alice, HOME).visit(address);
      return (key) => oidc.authorizationCodeGrant(config, back, asked.checks, undefined, { DPoP: key });
    };
    const contradiction = { dpop_jkt: await other.calculateThumbprint() };
    const { parameters } = await wish(contradiction);
    return {
      same_key: (await (await begun())(DPoP)).token_type,
      other_key: await refusal((await begun())(other)),
      no_key: await refusal((await begun())(undefined)),
      contradiction: await refusal(oidc.buildAuthorizationUrlWithPAR(config, parameters, { DPoP })),
    };
  },

  // RFC 7662 and RFC 7009
  async introspectionAndRevocation() {
    const [spa, web, config] = [await client('spa'), await client('web'), await client('api')];
    const { tokens } = await logIn(spa);
    const asked = (config_, token) => oidc.tokenIntrospection(config_, token);
    const found = {
      access: await asked(config, tokens.access_token),
      refresh: await asked(config, tokens.refresh_token),
      stranger: await asked(web, tokens.access_token),
      nonsense: await asked(config, 'nonsense'),
      public: await refusal(asked(spa, tokens.access_token)),
      secret: await refusal(asked(await client('api', { secret: 'wrong' }), tokens.access_token)),
      revoked_by_stranger: await refusal(oidc.tokenRevocation(web, tokens.access_token)),
    };
    await oidc.tokenRevocation(spa, tokens.access_token, { token_type_hint: 'access_token' });
    found.access_revoked = await asked(config, tokens.access_token);
    found.userinfo = await refusal(oidc.fetchUserInfo(spa, tokens.access_token, 'alice'));
    const next = await oidc.refreshTokenGrant(spa, tokens.refresh_token);
    await oidc.tokenRevocation(spa, next.refresh_token, { token_type_hint: 'access_token' }); // a wrong hint (§2.1)
    found.refresh_revoked = await refusal(oidc.refreshTokenGrant(spa, next.refresh_token));
    found.with_it = await asked(config, next.access_token);
    await oidc.tokenRevocation(spa, 'nonsense'); // answered like one that is known (§2.2)
    const own = await logIn(web);
    found.own_refresh = await asked(web, own.tokens.refresh_token);
    return found;
  },

  // OpenID Connect RP-Initiated Logout
  async logOut() {
    const config = await client('web');
    const { tokens, browser } = await logIn(config, { parameters: { scope: 'openid notes:read' } });
    const stays = await logIn(config, { browser });
    const leave = (more) => oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: PLAIN_HOME, ...more });
    const gone = new Browser(alice, PLAIN_HOME);
    gone.cookies = browser.cookies;
    const hinted = { id_token_hint: tokens.id_token };
    const wrong = await gone.visit(leave({ ...hinted, post_logout_redirect_uri: 'https://evil.example/' }));
    const { back, titles } = await gone.visit(leave({ ...hinted, state: 'bye' }));
    const silent = await refusal(logIn(config, { browser, parameters: { prompt: 'none' } }));
    const next = await logIn(config, { browser });
    const asked = await gone.visit(leave({ state: 'x' }));
    return {
      back: back.url,
      titles,
      wrong: [wrong.status, wrong.titles],
      silent,
      refresh: await refusal(oidc.refreshTokenGrant(config, tokens.refresh_token)),
      offline: (await oidc.refreshTokenGrant(config, stays.tokens.refresh_token)).scope,
      next: next.titles,
      without_hint: [asked.titles, asked.back.url],
    };
  },

  // RFC 9068 as another API reads it; a bound token with its proof (RFC 9449 §7)
  async accessTokenElsewhere() {
    const config = await client('spa');
    const as = config.serverMetadata();
    const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
    const seen = [];
    const keep = (address, options) => {
      seen.push(new Request(address, options));
      return fetch(address, options);
    };
    const { tokens } = await logIn(config);
    const { tokens: bound } = await logIn(config, { DPoP });
    config[oidc.customFetch] = keep;
    await api(config, tokens.access_token, '/notes');
    await api(config, bound.access_token, '/notes', { DPoP });
    const [bearer, dpop] = seen;
    const judge = (request, audience = served.api, more = {}) =>
      oauth.validateJwtAccessToken(as, request, audience, { ...LOOPBACK, ...more });
    const withToken = (token) => new Request(bearer.url, { headers: { authorization: `Bearer ${token}` } });
    const worker = await client('worker');
    const { access_token: impersonal } = await oidc.clientCredentialsGrant(worker, { scope: 'notes:read' });
    return {
      bearer: await judge(bearer),
      dpop: await judge(dpop, served.api, { requireDPoP: true }),
      worker: await judge(withToken(impersonal)),
      at_userinfo: (await judge(bearer, served.issuer)).sub,
      audience: await refusal(judge(bearer, 'https://elsewhere.example')),
      worker_at_userinfo: await refusal(judge(withToken(impersonal), served.issuer)),
      id_token: await refusal(judge(withToken(tokens.id_token), 'spa')),
      dpop_wanted: await refusal(judge(bearer, served.api, { requireDPoP: true })),
      downgraded: await refusal(judge(withToken(bound.access_token))),
      tampered: await refusal(judge(withToken(`${tokens.access_token.slice(0, -6)}AAAAAA`))),
    };
  },
};

function payload(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
}

// openid-client knows "code id_token" only. oauth4webapi takes the answer apart the same way; the hash of the
// access token that came through the browser is left to us.
async function hybridWithEverything() {
  const config = await client('web');
  const as = config.serverMetadata();
  const [web, secret] = [{ client_id: 'web' }, oauth.ClientSecretBasic(registered('web').client_secret)];
  const { parameters, checks } = await wish({ response_type: 'code id_token token' });
  const { back } = await new Browser(alice, HOME).visit(oidc.buildAuthorizationUrl(config, parameters));
  const { expectedNonce: nonce, expectedState: state, pkceCodeVerifier: verifier } = checks;
  const answer = await oauth.validateCodeIdTokenResponse(
    as, web, new URL(back.url), nonce, state, oauth.skipAuthTimeCheck, LOOPBACK,
  );
  const front = Object.fromEntries(new URLSearchParams(new URL(back.url).hash.slice(1)));
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(front.access_token)));
  const redeemed = await oauth.authorizationCodeGrantRequest(as, web, secret, answer, HOME, verifier, LOOPBACK);
  const tokens = await oauth.processAuthorizationCodeResponse(as, web, redeemed, { expectedNonce: nonce });
  return {
    at_hash: payload(front.id_token).at_hash === digest.subarray(0, 16).toString('base64url'),
    same_person: oauth.getValidatedIdTokenClaims(tokens).sub === payload(front.id_token).sub,
    front: await api(config, front.access_token, '/notes'),
    back: await api(config, tokens.access_token, '/notes'),
  };
}

const [, , name, options = '{}'] = process.argv;
console.log(JSON.stringify(await scenarios[name](JSON.parse(options))));
