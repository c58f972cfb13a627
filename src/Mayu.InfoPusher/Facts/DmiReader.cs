using Mayu.Primitives;

namespace Mayu.InfoPusher.Facts;

/// <summary>Reads the DMI tables as the kernel lays them out in <c>/sys/class/dmi/id</c>.</summary>
internal static class DmiReader
{
    private const string Folder = "sys/class/dmi/id/";

    /// <summary>What is there; a machine without DMI (some arm64 boards) has only nulls. Serials need root to be read.</summary>
    public static DmiFacts Read(HostFiles files) => new()
    {
        Vendor = files.Value(Folder + "sys_vendor"),
        Product = files.Value(Folder + "product_name"),
        Version = files.Value(Folder + "product_version"),
        Serial = files.Identifier(Folder + "product_serial"),
        Uuid = files.Value(Folder + "product_uuid"),
        BoardSerial = files.Identifier(Folder + "board_serial"),
        ChassisAssetTag = files.Value(Folder + "chassis_asset_tag"),
    };
}
