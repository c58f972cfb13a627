using System.Text.Json;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Records;

/// <summary>The <c>Facts</c> of a record, named as the collector's report names them.</summary>
internal static class FactsFields
{
    public static MachineFacts Read(JsonElement fields)
    {
        var dmi = RecordElements.Value(fields, "Dmi"u8);
        var cpu = RecordElements.Value(fields, "Cpu"u8);
        return new MachineFacts
        {
            Firmware = RecordElements.CommonText(fields, "Firmware"u8),
            Vendor = RecordElements.CommonText(dmi, "Vendor"u8),
            Product = RecordElements.CommonText(dmi, "Product"u8),
            MemoryBytes = RecordElements.Number(fields, "MemoryBytes"u8),
            CpuModel = RecordElements.CommonText(cpu, "Model"u8),
            CpuSockets = RecordElements.SmallNumber(cpu, "Sockets"u8),
            CpuCores = RecordElements.SmallNumber(cpu, "Cores"u8),
            CpuThreads = RecordElements.SmallNumber(cpu, "Threads"u8),
            BmcMac = RecordElements.Text(fields, "IPMIMacAddress"u8) is { } text && MacAddress.TryParse(text, out var mac) ? mac : null,
            NetworkInterfaces = [.. RecordElements.Objects(fields, "NetDevs"u8).Select(ReadInterface).OfType<NetworkInterfaceFacts>()],
            Disks = [.. RecordElements.Objects(fields, "Disks"u8).Select(ReadDisk).OfType<DiskFacts>()],
        };
    }

    /// <summary>Writes the fields, into an object that was begun.</summary>
    public static void Write(Utf8JsonWriter writer, MachineFacts facts)
    {
        writer.Put("Firmware"u8, facts.Firmware);
        if (!string.IsNullOrEmpty(facts.Vendor) || !string.IsNullOrEmpty(facts.Product))
        {
            writer.WriteStartObject("Dmi"u8);
            writer.Put("Vendor"u8, facts.Vendor);
            writer.Put("Product"u8, facts.Product);
            writer.WriteEndObject();
        }

        if (!string.IsNullOrEmpty(facts.CpuModel) || facts is not { CpuSockets: null, CpuCores: null, CpuThreads: null })
        {
            writer.WriteStartObject("Cpu"u8);
            writer.Put("Model"u8, facts.CpuModel);
            writer.Put("Sockets"u8, facts.CpuSockets);
            writer.Put("Cores"u8, facts.CpuCores);
            writer.Put("Threads"u8, facts.CpuThreads);
            writer.WriteEndObject();
        }

        writer.Put("MemoryBytes"u8, facts.MemoryBytes);
        writer.Put("IPMIMacAddress"u8, facts.BmcMac?.ToString());
        writer.Put("NetDevs"u8, facts.NetworkInterfaces, WriteInterface);
        writer.Put("Disks"u8, facts.Disks, WriteDisk);
    }

    private static NetworkInterfaceFacts? ReadInterface(JsonElement fields) =>
        RecordElements.CommonText(fields, "Name"u8) is { } name && RecordElements.Text(fields, "MacAddress"u8) is { } address
            ? new NetworkInterfaceFacts(
                name,
                address,
                RecordElements.CommonText(fields, "Driver"u8),
                RecordElements.SmallNumber(fields, "SpeedMbps"u8),
                RecordElements.Flag(fields, "Link"u8))
            : null;

    private static void WriteInterface(Utf8JsonWriter writer, NetworkInterfaceFacts nic)
    {
        writer.WriteStartObject();
        writer.WriteString("Name"u8, nic.Name);
        writer.WriteString("MacAddress"u8, nic.Address);
        writer.Put("Driver"u8, nic.Driver);
        writer.Put("SpeedMbps"u8, nic.SpeedMbps);
        writer.Put("Link"u8, nic.Link);
        writer.WriteEndObject();
    }

    private static DiskFacts? ReadDisk(JsonElement fields) =>
        RecordElements.CommonText(fields, "Name"u8) is { } name
            ? new DiskFacts(name, RecordElements.Number(fields, "SizeBytes"u8) ?? 0)
            {
                Model = RecordElements.CommonText(fields, "Model"u8),
                SerialNumber = RecordElements.Text(fields, "Serial"u8),
                Wwn = RecordElements.Text(fields, "Wwn"u8),
                Rotational = RecordElements.Flag(fields, "Rotational"u8) ?? false,
                Removable = RecordElements.Flag(fields, "Removable"u8) ?? false,
                ReadOnly = RecordElements.Flag(fields, "ReadOnly"u8) ?? false,
            }
            : null;

    private static void WriteDisk(Utf8JsonWriter writer, DiskFacts disk)
    {
        writer.WriteStartObject();
        writer.WriteString("Name"u8, disk.Name);
        writer.WriteNumber("SizeBytes"u8, disk.SizeBytes);
        writer.Put("Model"u8, disk.Model);
        writer.Put("Serial"u8, disk.SerialNumber);
        writer.Put("Wwn"u8, disk.Wwn);
        writer.WriteBoolean("Rotational"u8, disk.Rotational);
        writer.WriteBoolean("Removable"u8, disk.Removable);
        writer.WriteBoolean("ReadOnly"u8, disk.ReadOnly);
        writer.WriteEndObject();
    }
}
