// Passkeys: the browser makes one or proves one, and the answer goes along with the form. What was asked stands in the form.
"use strict";

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const textOf = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list || []).map((one) => ({ ...one, id: bytesOf(one.id) }));

const made = async (asked) => {
  const user = { ...asked.user, id: bytesOf(asked.user.id) };
  const publicKey = { ...asked, user, challenge: bytesOf(asked.challenge), excludeCredentials: named(asked.excludeCredentials) };
  const { id, type, response } = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = response;
  return { id, rawId: id, type, response: { clientDataJSON: textOf(clientDataJSON), attestationObject: textOf(attestationObject) } };
};
const proven = async (asked) => {
  const publicKey = { ...asked, challenge: bytesOf(asked.challenge), allowCredentials: named(asked.allowCredentials) };
  const { id, type, response } = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    id,
    rawId: id,
    type,
    response: {
      clientDataJSON: textOf(clientDataJSON),
      authenticatorData: textOf(authenticatorData),
      signature: textOf(signature),
      userHandle: userHandle && textOf(userHandle),
    },
  };
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelector("button").hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    const failure = form.querySelector("[data-failure]");
    failure.hidden = true;
    try {
      const asked = JSON.parse(form.dataset.options);
      form.elements.answer.value = JSON.stringify(await (form.dataset.passkey === "create" ? made(asked) : proven(asked)));
      form.requestSubmit();
    } catch {
      failure.hidden = false;
    }
  });
}
