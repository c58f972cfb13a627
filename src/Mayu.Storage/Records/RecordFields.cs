using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Records;

/// <summary>
/// The fields of conf.json: the first Mayu's names, with ours beside them. A field that decides something (serial, state,
/// address, profile …) must be readable or the record is refused; any other that cannot be read counts as absent.
/// </summary>
internal static class RecordFields
{
    /// <summary>All of them, as people name them in questions.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "AdditionalAddrs", "Cabinet", "Conflict", "ConnectedNIC", "Enabled", "Facts", "FirstSeen", "FleetMetadata", "Hostname", "IPMIAddr", "Image", "InstallID",
        "InstalledProfile", "InternalAddr", "KeepDiskData", "LastBoot", "MacAddresses", "MachineID", "Notes", "Overrides", "Profile", "ProviderId", "SaidSerial", "Serial", "SharesSerial",
        "SharesUuid", "State", "Uuid", "Versions",
    ];

    /// <summary>Reads a machine.</summary>
    /// <exception cref="FormatException">A field that decides something cannot be read; the message is half a sentence.</exception>
    public static Machine Read(JsonElement fields, Serial folderSerial)
    {
        if (Text(fields, "Serial") is { Length: > 0 } text
            && (!Serial.TryParse(text, out var serial, out _) || serial != folderSerial))
        {
            throw new FormatException($"its Serial is {Quoted(text)}, but it is in the folder of {folderSerial}");
        }

        return new Machine
        {
            Serial = folderSerial,
            State = ReadState(fields),
            Enabled = Flag(fields, "Enabled") ?? true,
            SaidSerial = Text(fields, "SaidSerial") is { Length: > 0 } said && Serial.TryParse(said, out var saidSerial, out _) ? saidSerial : null,
            Uuid = Needed<Guid>(fields, "Uuid", "not a UUID", Guid.TryParse),
            MacAddresses = ReadMacs(fields),
            ConnectedNic = SharedText.Of(Text(fields, "ConnectedNIC")),
            Profile = SharedText.Of(Text(fields, "Profile")),
            InternalAddress = Needed<Ipv4>(fields, "InternalAddr", "not an IPv4 address", (string s, out Ipv4 a) => Ipv4.TryParse(s, out a)),
            AdditionalAddresses = ReadAdditionalAddresses(fields),
            Hostname = Text(fields, "Hostname"),
            MachineId = Text(fields, "MachineID"),
            BmcAddress = RecordElements.Text(fields, "IPMIAddr"u8) is { } bmc && Ipv4.TryParse(bmc, out var bmcAddress) ? bmcAddress : null,
            Image = RecordElements.CommonText(fields, "Image"u8),
            InstallId = RecordElements.Text(fields, "InstallID"u8),
            InstalledProfile = SharedText.Of(Text(fields, "InstalledProfile")),
            KeepDiskData = Flag(fields, "KeepDiskData") ?? false,
            Metadata = RecordElements.Texts(fields, "FleetMetadata"u8),
            Versions = RecordElements.Map(fields, "Versions"u8, common: true),
            Overrides = RecordElements.Map(fields, "Overrides"u8, common: false),
            FirstSeen = RecordElements.Time(fields, "FirstSeen"u8),
            LastBoot = RecordElements.Time(fields, "LastBoot"u8),
            ProviderId = RecordElements.Text(fields, "ProviderId"u8),
            Cabinet = RecordElements.CommonText(fields, "Cabinet"u8) ?? RecordElements.Number(fields, "Cabinet"u8)?.ToString(CultureInfo.InvariantCulture),
            Notes = RecordElements.Text(fields, "Notes"u8),
            Conflict = RecordElements.Value(fields, "Conflict"u8) is { ValueKind: JsonValueKind.Object } conflict ? ReadConflict(conflict) : null,
            SharesSerial = Flag(fields, "SharesSerial") ?? false,
            SharesUuid = Flag(fields, "SharesUuid") ?? false,
            Facts = RecordElements.Value(fields, "Facts"u8) is { ValueKind: JsonValueKind.Object } facts ? FactsFields.Read(facts) : null,
        };
    }

    /// <summary>Writes a machine as one object; empty fields are left out.</summary>
    public static void Write(Utf8JsonWriter writer, Machine machine)
    {
        writer.WriteStartObject();

        // Always written, unlike the first Mayu did: a reader must not have to know what a missing one means.
        writer.WriteBoolean("Enabled"u8, machine.Enabled);
        writer.WriteString("Serial"u8, machine.Serial.Text);
        writer.Put("ProviderId"u8, machine.ProviderId);
        WriteIdentity(writer, machine);
        writer.Put("ConnectedNIC"u8, machine.ConnectedNic);
        writer.Put("InternalAddr"u8, machine.InternalAddress?.ToString());
        writer.Put("AdditionalAddrs"u8, machine.AdditionalAddresses);
        writer.Put("Cabinet"u8, machine.Cabinet);
        writer.Put("Notes"u8, machine.Notes);
        writer.Put("IPMIAddr"u8, machine.BmcAddress?.ToString());
        writer.Put("Hostname"u8, machine.Hostname);
        writer.Put("MachineID"u8, machine.MachineId);
        writer.Put("InstallID"u8, machine.InstallId);
        writer.Put("InstalledProfile"u8, machine.InstalledProfile);
        writer.Put("FleetMetadata"u8, machine.Metadata);
        writer.Put("KeepDiskData"u8, machine.KeepDiskData);
        writer.Put("FirstSeen"u8, machine.FirstSeen);
        writer.Put("LastBoot"u8, machine.LastBoot);
        writer.Put("Profile"u8, machine.Profile);
        writer.Put("Image"u8, machine.Image);
        writer.Put("Overrides"u8, machine.Overrides);
        writer.WriteString("State"u8, Lifecycle.NameOf(machine.State));
        writer.Put("Versions"u8, machine.Versions);
        if (machine.Conflict is { } conflict)
        {
            writer.WriteStartObject("Conflict"u8);
            writer.Put("Serial"u8, conflict.Serial?.Text);
            writer.Put("Uuid"u8, conflict.Uuid?.ToString("D"));
            writer.Put("MacAddresses"u8, conflict.MacAddresses);
            writer.Put("Others"u8, [.. conflict.Others.Select(other => other.Text)]);
            writer.Put("At"u8, conflict.At);
            writer.Put("Why"u8, conflict.Why);
            writer.Put("Remedy"u8, conflict.Remedy);
            writer.WriteEndObject();
        }

        if (machine.Facts is { } facts)
        {
            writer.WritePropertyName("Facts"u8);
            JsonSerializer.Serialize(writer, facts, FactsFields.Default.MachineFacts);
        }

        writer.WriteEndObject();
    }

    private static void WriteIdentity(Utf8JsonWriter writer, Machine machine)
    {
        writer.Put("SaidSerial"u8, machine.SaidSerial?.Text);
        writer.Put("Uuid"u8, machine.Uuid?.ToString("D"));
        writer.Put("MacAddresses"u8, machine.MacAddresses);
        writer.Put("SharesSerial"u8, machine.SharesSerial);
        writer.Put("SharesUuid"u8, machine.SharesUuid);
    }

    private delegate bool Parse<T>(string text, out T value);

    private static MachineState ReadState(JsonElement fields)
    {
        var name = Text(fields, "State");
        return string.IsNullOrEmpty(name) ? MachineState.Unknown
            : Lifecycle.TryParseState(name, out var state) ? state
            : throw new FormatException("its State must be one of unknown, configured, installing, installed, running");
    }

    private static ImmutableSortedDictionary<string, Ipv4> ReadAdditionalAddresses(JsonElement fields)
    {
        const string Key = "AdditionalAddrs";
        var map = RecordElements.Value(fields, "AdditionalAddrs"u8);
        if (map.ValueKind == JsonValueKind.Undefined)
        {
            return Machine.NoAddresses;
        }

        if (map.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"its {Key} must be a map from interface to address");
        }

        var addresses = Machine.NoAddresses;
        foreach (var nic in map.EnumerateObject())
        {
            if (Needed<Ipv4>(map, nic.Name, "not an IPv4 address", (string s, out Ipv4 a) => Ipv4.TryParse(s, out a), Key + ".") is { } address)
            {
                addresses = addresses.Add(SharedText.Of(nic.Name), address);
            }
        }

        return addresses;
    }

    private static IdentityClaim? ReadConflict(JsonElement fields) =>
        RecordElements.Time(fields, "At"u8) is { } at
            ? new IdentityClaim(SerialOf(RecordElements.Text(fields, "Serial"u8)), Guid.TryParse(RecordElements.Text(fields, "Uuid"u8), out var uuid) ? uuid : null, Macs(fields), at)
            {
                Why = RecordElements.Text(fields, "Why"u8),
                Remedy = RecordElements.Text(fields, "Remedy"u8),
                Others = [.. RecordElements.Texts(fields, "Others"u8).Select(SerialOf).OfType<Serial>()],
            }
            : null;

    private static Serial? SerialOf(string? text) => Serial.TryParse(text, out var serial, out _) ? serial : null;

    // An odd entry (a dummy interface of zeros) is no reason to refuse the machine; the residue keeps it.
    private static ImmutableArray<MacAddress> ReadMacs(JsonElement fields)
    {
        if (RecordElements.Value(fields, "MacAddresses"u8).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Array))
        {
            throw new FormatException("its MacAddresses must be a list");
        }

        return Macs(fields);
    }

    private static ImmutableArray<MacAddress> Macs(JsonElement fields) =>
        [.. RecordElements.Items(fields, "MacAddresses"u8).Where(i => i.ValueKind == JsonValueKind.String).Select(i => ParseMac(i.GetString())).OfType<MacAddress>().Distinct()];

    private static MacAddress? ParseMac(string? text) => MacAddress.TryParse(text, out var mac) ? mac : null;

    private static string? Text(JsonElement fields, string key, string within = "") => fields.TryGetProperty(key, out var value) switch
    {
        false => null,
        _ when value.ValueKind == JsonValueKind.Null => null,
        _ when value.ValueKind == JsonValueKind.String => value.GetString(),
        _ => throw new FormatException($"its {within}{key} is not a string"),
    };

    private static bool? Flag(JsonElement fields, string key) => fields.TryGetProperty(key, out var value) switch
    {
        false => null,
        _ when value.ValueKind == JsonValueKind.Null => null,
        _ when value.ValueKind is JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        _ => throw new FormatException($"its {key} must be true or false"),
    };

    private static T? Needed<T>(JsonElement fields, string key, string wrong, Parse<T> parse, string within = "")
        where T : struct =>
        Text(fields, key, within) is not { Length: > 0 } text ? null
        : parse(text, out var value) ? value
        : throw new FormatException($"its {within}{key} is {wrong}");

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
