// A certified OpenID provider on a free port of this machine. Prints its issuer; ends with the process.
// ACCOUNTS: what it knows of people, by what they type as their login. REDIRECT: where it sends them back to.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const accounts = JSON.parse(process.env.ACCOUNTS);
let answer;
const server = createServer((request, response) => answer(request, response));
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'keyholder',
      client_secret: 'the-secret-of-the-client',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [process.env.REDIRECT],
    }],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    cookies: { keys: ['guards nothing but tests'] },
    findAccount: async (context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...accounts[id] }) }),
  });
  answer = provider.callback();
  console.log(issuer);
});
