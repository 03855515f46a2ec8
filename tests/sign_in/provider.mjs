// A provider on the loopback address: whoever types a name in is whom they say, and the name is their mail address.
// node provider.mjs PORT ADDRESS-OF-THE-DESK SECRET
import { Provider } from "oidc-provider";

const [port, desk, secret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "docket",
      client_secret: secret,
      redirect_uris: [`${desk}/agent/sign-in/callback`],
      post_logout_redirect_uris: [`${desk}/agent/sign-in`],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["of this run only"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("unverified") }),
  }),
  pkce: { required: () => true },
});
provider.on("server_error", (_, error) => console.error(error));
provider.listen(Number(port), "127.0.0.1", () => console.log(`${issuer} is there`));
