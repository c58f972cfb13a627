using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;

namespace Mayu.Storage.Records;

/// <summary>
/// The fields of conf.json: the first Mayu's names, with ours beside them. A field that decides something (serial, state,
/// address, profile …) must be readable or the record is refused; any other that cannot be read counts as absent.
/// </summary>
internal static class RecordFields
{
    /// <summary>Reads a machine.</summary>
    /// <exception cref="FormatException">A field that decides something cannot be read; the message is half a sentence.</exception>
    public static Machine Read(JsonObject fields, Serial folderSerial)
    {
        if (Text(fields, "Serial") is { Length: > 0 } text
            && (!Serial.TryParse(text, out var serial, out _) || serial != folderSerial))
        {
            throw new FormatException($"its Serial is {JsonValue.Create(text).ToJsonString()}, but it lies in the folder of {folderSerial}");
        }

        return new Machine
        {
            Serial = folderSerial,
            State = ReadState(fields),
            Enabled = Flag(fields, "Enabled") ?? true,
            Uuid = Needed<Guid>(fields, "Uuid", "no UUID", Guid.TryParse),
            MacAddresses = ReadMacs(fields),
            ConnectedNic = Text(fields, "ConnectedNIC"),
            Profile = Text(fields, "Profile"),
            InternalAddress = Needed<Ipv4>(fields, "InternalAddr", "no IPv4 address", (string s, out Ipv4 a) => Ipv4.TryParse(s, out a)),
            AdditionalAddresses = ReadAdditionalAddresses(fields),
            Hostname = Text(fields, "Hostname"),
            MachineId = Text(fields, "MachineID"),
            BmcAddress = RecordNodes.Text(fields, "IPMIAddr") is { } bmc && Ipv4.TryParse(bmc, out var bmcAddress) ? bmcAddress : null,
            Image = RecordNodes.Text(fields, "Image"),
            InstallId = RecordNodes.Text(fields, "InstallID"),
            KeepDiskData = Flag(fields, "KeepDiskData") ?? false,
            Metadata = RecordNodes.Texts(fields, "FleetMetadata"),
            Versions = RecordNodes.Map(fields, "Versions"),
            Overrides = RecordNodes.Map(fields, "Overrides"),
            FirstSeen = RecordNodes.Time(fields, "FirstSeen"),
            LastBoot = RecordNodes.Time(fields, "LastBoot"),
            ProviderId = RecordNodes.Text(fields, "ProviderId"),
            Cabinet = RecordNodes.Text(fields, "Cabinet") ?? RecordNodes.Number(fields, "Cabinet")?.ToString(CultureInfo.InvariantCulture),
            Conflict = fields["Conflict"] is JsonObject conflict ? ReadConflict(conflict) : null,
            Facts = fields["Facts"] is JsonObject facts ? FactsFields.Read(facts) : null,
        };
    }

    /// <summary>The fields of a machine; empty ones are left out.</summary>
    public static JsonObject Write(Machine machine)
    {
        // Always written, unlike the first Mayu did: a reader must not have to know what a missing one means.
        var fields = new JsonObject { ["Enabled"] = machine.Enabled, ["Serial"] = machine.Serial.Text };
        RecordNodes.Put(fields, "ProviderId", machine.ProviderId);
        RecordNodes.Put(fields, "Uuid", machine.Uuid?.ToString("D"));
        RecordNodes.Put(fields, "MacAddresses", machine.MacAddresses.Select(m => m.ToString()));
        RecordNodes.Put(fields, "ConnectedNIC", machine.ConnectedNic);
        RecordNodes.Put(fields, "InternalAddr", machine.InternalAddress?.ToString());
        RecordNodes.Put(fields, "AdditionalAddrs", machine.AdditionalAddresses.Select(a => KeyValuePair.Create(a.Key, a.Value.ToString())));
        RecordNodes.Put(fields, "Cabinet", machine.Cabinet);
        RecordNodes.Put(fields, "IPMIAddr", machine.BmcAddress?.ToString());
        RecordNodes.Put(fields, "Hostname", machine.Hostname);
        RecordNodes.Put(fields, "MachineID", machine.MachineId);
        RecordNodes.Put(fields, "InstallID", machine.InstallId);
        RecordNodes.Put(fields, "FleetMetadata", machine.Metadata);
        if (machine.KeepDiskData)
        {
            fields["KeepDiskData"] = true;
        }

        RecordNodes.Put(fields, "FirstSeen", machine.FirstSeen);
        RecordNodes.Put(fields, "LastBoot", machine.LastBoot);
        RecordNodes.Put(fields, "Profile", machine.Profile);
        RecordNodes.Put(fields, "Image", machine.Image);
        RecordNodes.Put(fields, "Overrides", machine.Overrides);
        fields["State"] = Lifecycle.NameOf(machine.State);
        RecordNodes.Put(fields, "Versions", machine.Versions);
        if (machine.Conflict is { } conflict)
        {
            fields["Conflict"] = WriteConflict(conflict);
        }

        if (machine.Facts is { } facts)
        {
            fields["Facts"] = FactsFields.Write(facts);
        }

        return fields;
    }

    private delegate bool Parse<T>(string text, out T value);

    private static MachineState ReadState(JsonObject fields)
    {
        var name = Text(fields, "State");
        return string.IsNullOrEmpty(name) ? MachineState.Unknown
            : Lifecycle.TryParseState(name, out var state) ? state
            : throw new FormatException("its State is none of unknown, configured, installing, installed, running");
    }

    private static ImmutableSortedDictionary<string, Ipv4> ReadAdditionalAddresses(JsonObject fields)
    {
        const string Key = "AdditionalAddrs";
        if (fields[Key] is null)
        {
            return Machine.NoAddresses;
        }

        var map = fields[Key] as JsonObject ?? throw new FormatException($"its {Key} are no map of interface to address");
        var addresses = Machine.NoAddresses;
        foreach (var (nic, _) in map)
        {
            if (Needed<Ipv4>(map, nic, "no IPv4 address", (string s, out Ipv4 a) => Ipv4.TryParse(s, out a), Key + ".") is { } address)
            {
                addresses = addresses.Add(nic, address);
            }
        }

        return addresses;
    }

    private static IdentityClaim? ReadConflict(JsonObject fields) =>
        RecordNodes.Time(fields, "At") is { } at
            ? new IdentityClaim(Guid.TryParse(RecordNodes.Text(fields, "Uuid"), out var uuid) ? uuid : null, Macs(fields), at)
            : null;

    private static JsonObject WriteConflict(IdentityClaim conflict)
    {
        var fields = new JsonObject();
        RecordNodes.Put(fields, "Uuid", conflict.Uuid?.ToString("D"));
        RecordNodes.Put(fields, "MacAddresses", conflict.MacAddresses.Select(m => m.ToString()));
        RecordNodes.Put(fields, "At", conflict.At);
        return fields;
    }

    // An odd entry (a dummy interface of zeros) is no reason to refuse the machine; the residue keeps it.
    private static ImmutableArray<MacAddress> ReadMacs(JsonObject fields)
    {
        if (fields["MacAddresses"] is not (null or JsonArray))
        {
            throw new FormatException("its MacAddresses are no list");
        }

        return Macs(fields);
    }

    private static ImmutableArray<MacAddress> Macs(JsonObject fields) =>
        [.. RecordNodes.Texts(fields, "MacAddresses").Where(t => MacAddress.TryParse(t, out _)).Select(ParseMac).Distinct()];

    private static MacAddress ParseMac(string text) => MacAddress.TryParse(text, out var mac) ? mac : default;

    private static string? Text(JsonObject fields, string key, string within = "") => fields[key] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw new FormatException($"its {within}{key} is no text"),
    };

    private static bool? Flag(JsonObject fields, string key) => fields[key] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => throw new FormatException($"its {key} is neither true nor false"),
    };

    private static T? Needed<T>(JsonObject fields, string key, string wrong, Parse<T> parse, string within = "")
        where T : struct =>
        Text(fields, key, within) is not { Length: > 0 } text ? null
        : parse(text, out var value) ? value
        : throw new FormatException($"its {within}{key} is {wrong}");
}
