(() => {
    let tokens = null;
    return {
      open: async () => {},
      has: async () => tokens,
      logIn,
      redeem: async form => {
        const answer = await fetch(`${issuer}/token`, {method: "POST", body: new URLSearchParams(form)});
        tokens = await answer.json();
      },
      call: (method, path, body) => fetch(api + path, {
        method, body, headers: {
          Authorization: `Bearer ${tokens.access_token}`, ...(body && {"Content-Type": "application/json"}),
        },
      }),
    };
  })()
