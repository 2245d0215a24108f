"""Right answers to the exercises of lesson 01 that are not our own."""

from __future__ import annotations

OTHERS: dict[str, list[str]] = {
    "01.1": [
        'answer = jwtlab.decode(mystery).claims["role"]',
        "import base64, json\n"
        'middle = mystery.split(".")[1].replace("-", "+").replace("_", "/")\n'
        "while len(middle) % 4:\n    middle += '='\n"
        "answer = json.loads(base64.b64decode(middle))['role']",
        "import jwt\nanswer = jwt.decode(mystery, options={'verify_signature': False})['role']",
        "import base64, re\n"
        "text = base64.urlsafe_b64decode(mystery.split('.')[1] + '===').decode()\n"
        'answer = re.search(r\'"role": ?"(\\w+)"\', text)[1]',
    ],
    "01.2": [
        "import json\nfrom jwtlab import base64url\n"
        'answer = ".".join(base64url.encode(json.dumps(each, separators=(",", ":")).encode())'
        " for each in (header, claims))",
        "import base64, json\n"
        "answer = b'.'.join(base64.urlsafe_b64encode(json.dumps(x, indent=2).encode()).strip(b'=')"
        " for x in (header, claims)).decode()",
        "import base64, json\n"
        "def part(value):\n"
        "    text = json.dumps(value, ensure_ascii=False, sort_keys=True).encode('utf-8')\n"
        "    return base64.b64encode(text).decode().replace('+', '-').replace('/', '_').rstrip('=')\n"
        "answer = f'{part(header)}.{part(claims)}'",
    ],
    "01.3": [
        "import json\nfrom jwtlab import base64url\n"
        "parts = original.split('.')\n"
        "claims = jwtlab.decode(original).claims\n"
        "parts[1] = base64url.encode(json.dumps({**claims, 'admin': True}).encode())\n"
        "answer = '.'.join(parts)",
        "import base64\n"
        "head, middle, tail = original.split('.')\n"
        "text = base64.urlsafe_b64decode(middle + '=' * (-len(middle) % 4))\n"
        "assert b'false' in text\n"
        "answer = '.'.join([head, base64.urlsafe_b64encode(text.replace(b'false', b'true')).decode().rstrip('='), tail])",
        "import json\nfrom jwtlab import base64url\n"
        "first, second, third = original.split('.')\n"
        "said = json.loads(base64url.decode(second))\n"
        "said.update(admin=True)\n"
        "answer = original.replace(second, base64url.encode(json.dumps(said, indent=1).encode()))",
    ],
}
