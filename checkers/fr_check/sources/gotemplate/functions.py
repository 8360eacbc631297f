"""The functions a template may call: Go's own and those of consul-template, which Vault Agent renders with.

Source: https://github.com/hashicorp/consul-template/blob/main/docs/templating-language.md and its function map;
the names behind `sprig_` are those of https://masterminds.github.io/sprig/.
"""

from __future__ import annotations

_GO = """and call eq ge gt html index js le len lt ne not or print printf println slice urlquery"""

_CONSUL_TEMPLATE = """
    caLeaf caRoots connect datacenters exportedServices file importedServices key keyExists keyOrDefault ls safeLs node
    nodes partitions peerings pkiCert secret secrets service services tree safeTree nomadService nomadServices nomadVar
    nomadVarExists nomadVarList nomadVarListSafe scratch
    base64Decode base64Encode base64URLDecode base64URLEncode byKey byMeta byPort byTag contains containsAll containsAny
    containsNone containsNotAll env envOrDefault executeTemplate explode explodeMap hmacSHA256Hex in indent join loop
    md5sum mergeMap mergeMapWithOverride mustEnv parseBool parseFloat parseInt parseJSON parseUint parseYAML plugin
    regexMatch regexReplaceAll replaceAll sha256Hex sockaddr split splitToMap timestamp toJSON toJSONPretty toLower
    toTOML toTitle toUnescapedJSON toUnescapedJSONPretty toUpper toYAML trim trimPrefix trimSpace trimSuffix writeToFile
    add divide maximum minimum modulo multiply subtract
    spew_dump spew_printf spew_sdump spew_sprintf
"""

_SPRIG = """
    abbrev abbrevboth add add1 add1f addf adler32sum ago all any append atoi b32dec b32enc b64dec b64enc base bcrypt
    biggest buildCustomCert camelcase cat ceil chunk clean coalesce compact concat contains date dateInZone dateModify
    date_in_zone date_modify decryptAES deepCopy deepEqual default derivePassword dict dig dir div divf duration
    durationRound empty encryptAES env expandenv ext fail first float64 floor fromJson genCA genCAWithKey
    genPrivateKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey get getHostByName has
    hasKey hasPrefix hasSuffix hello htmlDate htmlDateInZone htpasswd indent initial initials int int64 isAbs join
    kebabcase keys kindIs kindOf last list lower max maxf merge mergeOverwrite min minf mod mul mulf mustAppend
    mustChunk mustCompact mustDateModify mustDeepCopy mustFirst mustFromJson mustHas mustInitial mustLast mustMerge
    mustMergeOverwrite mustPrepend mustPush mustRegexFind mustRegexFindAll mustRegexMatch mustRegexReplaceAll
    mustRegexReplaceAllLiteral mustRegexSplit mustRest mustReverse mustSlice mustToDate mustToJson mustToPrettyJson
    mustToRawJson mustUniq mustWithout must_date_modify nindent nospace now omit osBase osClean osDir osExt osIsAbs
    pick pluck plural prepend push quote randAlpha randAlphaNum randAscii randBytes randInt randNumeric regexFind
    regexFindAll regexMatch regexQuoteMeta regexReplaceAll regexReplaceAllLiteral regexSplit repeat replace rest
    reverse round semver semverCompare seq set sha1sum sha256sum sha512sum shuffle slice snakecase sortAlpha split
    splitList splitn squote sub subf substr swapcase ternary title toDate toDecimal toJson toPrettyJson toRawJson
    toString toStrings trim trimAll trimPrefix trimSuffix trimall trunc tuple typeIs typeIsLike typeOf uniq unixEpoch
    unset until untilStep untitle upper urlJoin urlParse uuidv4 values without wrap wrapWith
"""

FUNCTIONS = frozenset(_GO.split()) | frozenset(_CONSUL_TEMPLATE.split()) | {f"sprig_{name}" for name in _SPRIG.split()}
