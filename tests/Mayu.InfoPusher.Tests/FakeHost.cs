using System.Text;
using Mayu.InfoPusher.Facts;

namespace Mayu.InfoPusher.Tests;

/// <summary>A machine's /sys and /proc, laid out in a folder of its own.</summary>
internal sealed class FakeHost : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("mayu-host-").FullName;

    public HostFiles Files => new(Root);

    public FakeHost File(string path, string text) => File(path, Encoding.UTF8.GetBytes(text));

    public FakeHost File(string path, byte[] bytes)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.WriteAllBytes(full, bytes);
        return this;
    }

    public FakeHost Folder(string path)
    {
        Directory.CreateDirectory(Path.Combine(Root, path));
        return this;
    }

    public FakeHost Dmi(string vendor, string product, string serial, string uuid) => this
        .File("sys/class/dmi/id/sys_vendor", vendor + "\n")
        .File("sys/class/dmi/id/product_name", product + "\n")
        .File("sys/class/dmi/id/product_serial", serial + "\n")
        .File("sys/class/dmi/id/product_uuid", uuid + "\n");

    public FakeHost Nic(string name, string mac, string driver, bool? link = null, int? speed = null)
    {
        var folder = $"sys/class/net/{name}/";
        File(folder + "type", "1\n").File(folder + "address", mac + "\n").Folder(folder + "device").Folder("sys/bus/pci/drivers/" + driver);
        System.IO.File.CreateSymbolicLink(Path.Combine(Root, folder, "device/driver"), $"../../../../bus/pci/drivers/{driver}");
        if (link is { } carrier)
        {
            File(folder + "carrier", carrier ? "1\n" : "0\n");
        }

        return speed is { } mbps ? File(folder + "speed", mbps + "\n") : this;
    }

    public FakeHost Disk(string name, long sectors, string? model = null, bool rotational = false)
    {
        var folder = $"sys/block/{name}/";
        File(folder + "size", sectors + "\n").File(folder + "removable", "0\n").File(folder + "ro", "0\n")
            .File(folder + "queue/rotational", rotational ? "1\n" : "0\n");
        return model is null ? this : File(folder + "device/model", model + "\n");
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
