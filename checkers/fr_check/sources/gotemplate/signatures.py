"""What functions take and give, as far as Go checks it before and while it calls them.

A signature is written `parameters>result`, one letter for each type, with `*` before the one that may come any number
of times. Functions of no known signature are left out: any call of them passes. Sources: Go's text/template/funcs.go
and consul-template's template/funcs.go.
"""

from __future__ import annotations

# The letters, as Go names the types; `a` may hold anything, so that a result of that type is not known.
TYPES = {
    "a": "interface {}",
    "b": "bool",
    "f": "float64",
    "i": "int",
    "I": "int64",
    "L": "[]string",
    "M": "map[string]string",
    "s": "string",
    "u": "uint64",
    "v": "reflect.Value",
}
ANYTHING = frozenset("av")

_WRITTEN = """
    and:v*v>a or:v*v>a not:v>b len:v>i index:v*v>a slice:v*v>a html:*a>s js:*a>s urlquery:*a>s print:*a>s println:*a>s
    printf:s*a>s eq:v*v>b ne:vv>b lt:vv>b le:vv>b gt:vv>b ge:vv>b
    env:s>s mustEnv:s>s envOrDefault:ss>s executeTemplate:s*a>s file:s>s key:s>s keyExists:s>b keyOrDefault:ss>s
    secret:*s>a pkiCert:*s>a base64Decode:s>s base64Encode:s>s base64URLDecode:s>s base64URLEncode:s>s contains:aa>b
    in:aa>b indent:is>s join:sL>s trim:ss>s trimPrefix:ss>s trimSuffix:ss>s trimSpace:s>s parseBool:s>b parseFloat:s>f
    parseInt:s>I parseJSON:s>a parseUint:s>u parseYAML:s>a replaceAll:sss>s regexReplaceAll:sss>s regexMatch:ss>b
    split:ss>L splitToMap:sss>M timestamp:*s>s toLower:s>s toUpper:s>s toTitle:s>s toJSON:a>s toJSONPretty:a>s
    toUnescapedJSON:a>s toUnescapedJSONPretty:a>s toYAML:a>s add:aa>a subtract:aa>a multiply:aa>a divide:aa>a
    modulo:aa>a minimum:aa>a maximum:aa>a sha256Hex:s>s md5sum:s>s hmacSHA256Hex:ss>s sockaddr:*s>s
    writeToFile:ssss*s>s
"""
SIGNATURES = dict(entry.split(":") for entry in _WRITTEN.split())
