using System.Text.Json;
using System.Text.Json.Serialization;
using Mayu.Primitives;

namespace Mayu.Storage.Records;

/// <summary>The <c>Facts</c> of a record, in the form of the collector's report.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(MachineFacts))]
internal sealed partial class FactsFields : JsonSerializerContext
{
    // By hand: a start reads ten thousand. The serializer would take half as long again, and drop all facts for one value of another kind.
    public static MachineFacts Read(JsonElement fields) => new()
    {
        Firmware = RecordElements.CommonText(fields, "Firmware"u8),
        Dmi = RecordElements.Value(fields, "Dmi"u8) is { ValueKind: JsonValueKind.Object } dmi
            ? new DmiFacts { Vendor = RecordElements.CommonText(dmi, "Vendor"u8), Product = RecordElements.CommonText(dmi, "Product"u8) }
            : null,
        Cpu = RecordElements.Value(fields, "Cpu"u8) is { ValueKind: JsonValueKind.Object } cpu ? ReadCpu(cpu) : null,
        MemoryBytes = RecordElements.Number(fields, "MemoryBytes"u8),
        IPMIMacAddress = RecordElements.Text(fields, "IPMIMacAddress"u8),
        NetDevs = RecordElements.Objects(fields, "NetDevs"u8).Select(ReadInterface).Where(nic => nic is { Name.Length: > 0, MacAddress.Length: > 0 }).ToArray(),
        Disks = RecordElements.Objects(fields, "Disks"u8).Select(ReadDisk).Where(disk => disk.Name.Length > 0).ToArray(),
    };

    private static CpuFacts ReadCpu(JsonElement fields) => new()
    {
        Model = RecordElements.CommonText(fields, "Model"u8),
        Sockets = RecordElements.SmallNumber(fields, "Sockets"u8) ?? 0,
        Cores = RecordElements.SmallNumber(fields, "Cores"u8) ?? 0,
        Threads = RecordElements.SmallNumber(fields, "Threads"u8) ?? 0,
    };

    private static NetDev ReadInterface(JsonElement fields) => new()
    {
        Name = RecordElements.CommonText(fields, "Name"u8),
        MacAddress = RecordElements.Text(fields, "MacAddress"u8),
        Driver = RecordElements.CommonText(fields, "Driver"u8),
        SpeedMbps = RecordElements.SmallNumber(fields, "SpeedMbps"u8),
        Link = RecordElements.Flag(fields, "Link"u8),
    };

    private static DiskFacts ReadDisk(JsonElement fields) => new()
    {
        Name = RecordElements.CommonText(fields, "Name"u8),
        SizeBytes = RecordElements.Number(fields, "SizeBytes"u8) ?? 0,
        Model = RecordElements.CommonText(fields, "Model"u8),
        Serial = RecordElements.Text(fields, "Serial"u8),
        Wwn = RecordElements.Text(fields, "Wwn"u8),
        Rotational = RecordElements.Flag(fields, "Rotational"u8),
        Removable = RecordElements.Flag(fields, "Removable"u8) ?? false,
        ReadOnly = RecordElements.Flag(fields, "ReadOnly"u8) ?? false,
    };
}
