using System.Text.Json;

namespace Mayu.Firmware.Tests;

/// <summary>Reads the one field of a machine's record (conf.json) that the stories follow.</summary>
internal static class RecordedState
{
    public static string Of(string record)
    {
        using var json = JsonDocument.Parse(record);
        return json.RootElement.GetProperty("State").GetString() ?? "";
    }
}
