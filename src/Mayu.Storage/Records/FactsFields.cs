using System.Text.Json.Nodes;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;

namespace Mayu.Storage.Records;

/// <summary>The <c>Facts</c> of a record, named as the collector's report names them.</summary>
internal static class FactsFields
{
    public static MachineFacts Read(JsonObject fields)
    {
        var dmi = fields["Dmi"] as JsonObject ?? [];
        var cpu = fields["Cpu"] as JsonObject ?? [];
        return new MachineFacts
        {
            Firmware = RecordNodes.Text(fields, "Firmware"),
            Vendor = RecordNodes.Text(dmi, "Vendor"),
            Product = RecordNodes.Text(dmi, "Product"),
            MemoryBytes = RecordNodes.Number(fields, "MemoryBytes"),
            CpuModel = RecordNodes.Text(cpu, "Model"),
            CpuSockets = RecordNodes.SmallNumber(cpu, "Sockets"),
            CpuCores = RecordNodes.SmallNumber(cpu, "Cores"),
            CpuThreads = RecordNodes.SmallNumber(cpu, "Threads"),
            BmcMac = RecordNodes.Text(fields, "IPMIMacAddress") is { } text && MacAddress.TryParse(text, out var mac) ? mac : null,
            NetworkInterfaces = [.. Objects(fields, "NetDevs").Select(ReadInterface).OfType<NetworkInterfaceFacts>()],
            Disks = [.. Objects(fields, "Disks").Select(ReadDisk).OfType<DiskFacts>()],
        };
    }

    public static JsonObject Write(MachineFacts facts)
    {
        var fields = new JsonObject();
        RecordNodes.Put(fields, "Firmware", facts.Firmware);
        var dmi = new JsonObject();
        RecordNodes.Put(dmi, "Vendor", facts.Vendor);
        RecordNodes.Put(dmi, "Product", facts.Product);
        PutObject(fields, "Dmi", dmi);
        var cpu = new JsonObject();
        RecordNodes.Put(cpu, "Model", facts.CpuModel);
        RecordNodes.Put(cpu, "Sockets", facts.CpuSockets);
        RecordNodes.Put(cpu, "Cores", facts.CpuCores);
        RecordNodes.Put(cpu, "Threads", facts.CpuThreads);
        PutObject(fields, "Cpu", cpu);
        RecordNodes.Put(fields, "MemoryBytes", facts.MemoryBytes);
        RecordNodes.Put(fields, "IPMIMacAddress", facts.BmcMac?.ToString());
        PutObjects(fields, "NetDevs", facts.NetworkInterfaces.Select(WriteInterface));
        PutObjects(fields, "Disks", facts.Disks.Select(WriteDisk));
        return fields;
    }

    private static NetworkInterfaceFacts? ReadInterface(JsonObject fields) =>
        RecordNodes.Text(fields, "Name") is { } name && MacAddress.TryParse(RecordNodes.Text(fields, "MacAddress"), out var mac)
            ? new NetworkInterfaceFacts(
                name, mac, RecordNodes.Text(fields, "Driver"), RecordNodes.SmallNumber(fields, "SpeedMbps"), RecordNodes.Flag(fields, "Link"))
            : null;

    private static JsonObject WriteInterface(NetworkInterfaceFacts nic)
    {
        var fields = new JsonObject { ["Name"] = nic.Name, ["MacAddress"] = nic.Mac.ToString() };
        RecordNodes.Put(fields, "Driver", nic.Driver);
        RecordNodes.Put(fields, "SpeedMbps", nic.SpeedMbps);
        RecordNodes.Put(fields, "Link", nic.Link);
        return fields;
    }

    private static DiskFacts? ReadDisk(JsonObject fields) =>
        RecordNodes.Text(fields, "Name") is { } name
            ? new DiskFacts(
                name,
                RecordNodes.Number(fields, "SizeBytes") ?? 0,
                RecordNodes.Text(fields, "Model"),
                RecordNodes.Text(fields, "Serial"),
                RecordNodes.Text(fields, "Wwn"),
                RecordNodes.Flag(fields, "Rotational") ?? false,
                RecordNodes.Flag(fields, "Removable") ?? false,
                RecordNodes.Flag(fields, "ReadOnly") ?? false)
            : null;

    private static JsonObject WriteDisk(DiskFacts disk)
    {
        var fields = new JsonObject { ["Name"] = disk.Name, ["SizeBytes"] = disk.SizeBytes };
        RecordNodes.Put(fields, "Model", disk.Model);
        RecordNodes.Put(fields, "Serial", disk.SerialNumber);
        RecordNodes.Put(fields, "Wwn", disk.Wwn);
        fields["Rotational"] = disk.Rotational;
        fields["Removable"] = disk.Removable;
        fields["ReadOnly"] = disk.ReadOnly;
        return fields;
    }

    private static IEnumerable<JsonObject> Objects(JsonObject fields, string key) => (fields[key] as JsonArray ?? []).OfType<JsonObject>();

    private static void PutObject(JsonObject fields, string key, JsonObject value)
    {
        if (value.Count > 0)
        {
            fields[key] = value;
        }
    }

    private static void PutObjects(JsonObject fields, string key, IEnumerable<JsonObject> values)
    {
        var items = new JsonArray();
        foreach (var value in values)
        {
            items.Add((JsonNode)value);
        }

        if (items.Count > 0)
        {
            fields[key] = items;
        }
    }
}
