{
    open: async () => {},
    has: async () => localStorage.getItem("access_token"),
    logIn,
    redeem: async form => {
      const answer = await fetch(`${issuer}/token`, {method: "POST", body: new URLSearchParams(form)});
      const tokens = await answer.json();
      localStorage.setItem("access_token", tokens.access_token);
      localStorage.setItem("refresh_token", tokens.refresh_token);
    },
    call: (method, path, body) => fetch(api + path, {
      method, body, headers: {
        Authorization: `Bearer ${localStorage.getItem("access_token")}`,
        ...(body && {"Content-Type": "application/json"}),
      },
    }),
  }
