using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Identity;

/// <summary>
/// What machines are told apart by (the configuration's <c>identity</c>): <c>serial</c>, <c>uuid</c>, <c>mac</c>, or a template such as
/// <c>{serial}-{uuid}</c> for hardware whose serial alone does not tell (nodes of one chassis).
/// </summary>
public sealed partial class IdentityRule
{
    private const string SerialField = "{serial}";
    private const string BoardSerialField = "{board_serial}";
    private const string UuidField = "{uuid}";

    private readonly ImmutableArray<string> _template;
    private readonly bool _usesUuid;

    private IdentityRule(ImmutableArray<string> template, bool usesUuid) => (_template, _usesUuid) = (template, usesUuid);

    /// <summary>The DMI product serial; where there is none the UUID, else the MAC. The default.</summary>
    public static IdentityRule BySerial { get; } = new([SerialField], usesUuid: true);

    /// <summary>The DMI UUID, else the MAC. Serials are not looked at.</summary>
    public static IdentityRule ByUuid { get; } = new([], usesUuid: true);

    /// <summary>The MACs alone.</summary>
    public static IdentityRule ByMac { get; } = new([], usesUuid: false);

    /// <summary>Reads <c>serial</c>, <c>uuid</c>, <c>mac</c> or a template of text, <c>{serial}</c>, <c>{uuid}</c> and <c>{board_serial}</c>.</summary>
    /// <param name="text">The configuration's text.</param>
    /// <param name="rule">The rule, when accepted.</param>
    /// <param name="refusal">Why not, as half a sentence; null when accepted.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out IdentityRule? rule, [NotNullWhen(false)] out string? refusal)
    {
        (rule, refusal) = (text switch { "serial" => BySerial, "uuid" => ByUuid, "mac" => ByMac, _ => null }, null);
        if (rule is not null)
        {
            return true;
        }

        ImmutableArray<string> parts = [.. Parts().Matches(text).Select(match => match.Value)];
        refusal = parts.FirstOrDefault(part => part[0] == '{' && part is not (SerialField or UuidField or BoardSerialField)) is { } unknown
                ? $"{unknown} is unknown; a template may use {SerialField}, {UuidField} and {BoardSerialField}"
            : !parts.Any(part => part[0] == '{') ? $"it must be serial, uuid, mac or a template that uses {SerialField}, {UuidField} or {BoardSerialField}"
            : parts.Any(part => part[0] != '{' && !Serial.TryParse(part, out _, out _)) ? "a template must be printable ASCII without spaces"
            : null;
        rule = refusal is null ? new IdentityRule(parts, usesUuid: true) : null;
        return rule is not null;
    }

    /// <summary>Reads what firmware says.</summary>
    /// <param name="claims">Serials and UUID, as they were said.</param>
    /// <param name="bootMac">The interface that it boots from.</param>
    public Evidence Read(in DmiClaims claims, MacAddress? bootMac)
    {
        Serial? dmi = !Placeholders.IsPlaceholder(claims.Serial) && Serial.TryParse(claims.Serial, out var said, out _) ? said : null;
        Guid? uuid = claims.Uuid is { } id && !Placeholders.IsPlaceholder(id) ? id : null;
        return new Evidence
        {
            Serial = Rendered(dmi, claims.BoardSerial, uuid),
            DmiSerial = dmi,
            SerialHasUuid = _template.Contains(UuidField),
            Uuid = _usesUuid ? uuid : null,
            BootMac = bootMac,
        };
    }

    /// <summary>
    /// What a stranger is to be called: its serial by the rule; where that is missing, or tells it from none, its UUID, else its MAC.
    /// </summary>
    /// <param name="evidence">What it says.</param>
    /// <param name="snapshot">The cluster: no two machines have one name.</param>
    /// <param name="name">The name.</param>
    /// <param name="refusal">Why there is none, as half a sentence; null on success.</param>
    public static bool TryName(in Evidence evidence, ClusterSnapshot snapshot, out Serial name, [NotNullWhen(false)] out string? refusal)
    {
        refusal = null;
        if (evidence.Serial is { } serial && snapshot.Find(serial) is null && !snapshot.IsShared(serial))
        {
            name = serial;
            return true;
        }

        if (evidence.Uuid is { } uuid && !snapshot.IsShared(uuid) && Serial.TryParse(uuid.ToString("D"), out name, out _) && snapshot.Find(name) is null)
        {
            return true;
        }

        name = default;
        if (evidence.BootMac is not { } mac)
        {
            refusal = "there is neither a usable DMI serial, nor a UUID, nor a MAC of the boot interface";
            return false;
        }

        if (Serial.TryParse(mac.ToString(), out name, out refusal) && snapshot.Find(name) is not null)
        {
            refusal = $"neither serial nor UUID identifies it, and another machine is named {mac}";
        }

        return refusal is null;
    }

    private Serial? Rendered(Serial? dmi, string? boardSerial, Guid? uuid)
    {
        if (this == BySerial)
        {
            return dmi;
        }

        if (_template.IsEmpty)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var part in _template)
        {
            var value = part switch
            {
                SerialField => dmi?.Text,
                UuidField => uuid?.ToString("D"),
                BoardSerialField => Placeholders.IsPlaceholder(boardSerial) ? null : boardSerial,
                _ => part,
            };
            if (value is null)
            {
                return null;
            }

            text.Append(value);
        }

        return Serial.TryParse(text.ToString(), out var serial, out _) ? serial : null;
    }

    [GeneratedRegex(@"\{[^{}]*\}|[^{]+|\{", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Parts();
}

/// <summary>What firmware says of itself, as it says it: DMI fields, or iPXE's variables of them. Null where it says nothing.</summary>
/// <param name="Serial">Product serial (SMBIOS type 1).</param>
/// <param name="BoardSerial">Board serial (SMBIOS type 2).</param>
/// <param name="Uuid">System UUID (SMBIOS type 1).</param>
public readonly record struct DmiClaims(string? Serial, string? BoardSerial, Guid? Uuid);
