using System.Text;
using System.Text.Json;
using Mayu.Core.Json;

namespace Mayu.Core.Ignition.Checks;

/// <summary>Encrypted volumes.</summary>
internal static class LuksChecks
{
    private const int LongestLabel = 47; // LUKS2 has 48 bytes with the zero at its end.
    private const int LongestAdvertisement = 1 << 20;

    /// <summary>Checks all of them.</summary>
    public static void Check(ConfigObject storage, Checker checker)
    {
        foreach (var luks in storage.Objects("luks"))
        {
            CheckVolume(luks, checker);
            if (luks.Object("clevis") is { } clevis)
            {
                CheckClevis(clevis, checker);
            }

            if (luks.Object("cex")?.Flag("enabled") == true)
            {
                CheckCex(luks, checker);
            }
        }
    }

    private static void CheckVolume(ConfigObject luks, Checker checker)
    {
        if (!luks.HasText("name") || luks.Text("name")?.Contains('/', StringComparison.Ordinal) == true)
        {
            checker.Fault(luks, "name", luks.HasText("name") ? "a volume's name has no slash" : "it is missing: write the name of the volume");
        }

        Paths.CheckNeeded(luks, "device", checker);
        if (luks.Text("label") is { } label && Encoding.UTF8.GetByteCount(label) > LongestLabel)
        {
            checker.Fault(luks, "label", $"a volume's label has at most {LongestLabel} bytes");
        }

        if (luks.Object("keyFile") is { } key)
        {
            ResourceChecks.Check(key, checker);
        }
    }

    private static void CheckClevis(ConfigObject clevis, Checker checker)
    {
        if (clevis.Object("custom") is { } custom && (custom.HasText("pin") || custom.HasText("config") || custom.Flag("needsNetwork") == true))
        {
            CheckCustom(custom, clevis, checker);
        }

        foreach (var tang in clevis.Objects("tang"))
        {
            if (tang["url"] is not ConfigBroken && Urls.HttpFault(tang.Text("url") ?? "", "a Tang server") is { } fault)
            {
                checker.Fault(tang, "url", fault);
            }

            if (!tang.HasText("thumbprint"))
            {
                checker.Fault(tang, "thumbprint", "it is missing: write the thumbprint of the server's signing key (tang-show-keys)");
            }

            if (tang.Text("advertisement") is { Length: > 0 } advertisement && !IsJson(advertisement))
            {
                checker.Fault(tang, "advertisement", "it must be the JSON of the server's advertisement");
            }
        }
    }

    private static void CheckCustom(ConfigObject custom, ConfigObject clevis, Checker checker)
    {
        // The pin `trustee` came while 3.6 was made.
        var pins = checker.Spec >= new IgnitionSpec(3, 6) ? "tpm2, tang, sss or trustee" : "tpm2, tang or sss";
        if (custom["pin"] is not ConfigBroken && !(custom.Text("pin") is "tpm2" or "tang" or "sss" || (custom.Text("pin") == "trustee" && checker.Spec >= new IgnitionSpec(3, 6))))
        {
            checker.Fault(custom, "pin", $"it must be {pins}");
        }

        if (!custom.HasText("config"))
        {
            checker.Fault(custom, "config", "it is missing: write the pin's configuration, which is JSON");
        }

        if (clevis.Objects("tang").Any() || clevis.Flag("tpm2") == true || clevis.Number("threshold") > 0)
        {
            checker.Fault(clevis, "a custom pin stands alone: remove it, or tang, tpm2 and threshold");
        }
    }

    private static void CheckCex(ConfigObject luks, Checker checker)
    {
        if (luks.Object("clevis") is { } clevis && (clevis.Objects("tang").Any() || clevis.Flag("tpm2") == true || clevis.Number("threshold") > 0 || clevis.Object("custom")?.HasText("pin") == true))
        {
            checker.Fault(clevis, "a volume with a key of a Crypto Express card (cex) cannot have clevis too: remove one of the two");
        }

        if (luks.Object("keyFile") is { } key && key.HasText("source"))
        {
            checker.Fault(key, "a volume with a key of a Crypto Express card (cex) has no key file: remove one of the two");
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            BoundedJson.Node(Encoding.UTF8.GetBytes(text), LongestAdvertisement);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
