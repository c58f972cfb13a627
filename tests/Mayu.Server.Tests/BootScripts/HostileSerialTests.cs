using System.Text.RegularExpressions;
using Mayu.Core.Boot;
using Mayu.Core.Profiles;
using Mayu.Core.Tests.Hostile;
using Mayu.Primitives;
using Mayu.Server.BootScripts;
using static Mayu.Server.Tests.BootScripts.BootScriptTexts;

namespace Mayu.Server.Tests.BootScripts;

/// <summary>Boot scripts of machines with hostile serials: byte by byte the benign one's, apart from the serial, which is percent-encoded.</summary>
public sealed partial class HostileSerialTests
{
    private const string Mark = "benign0";
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const int Seed = 13;

    private static readonly Dictionary<string, Func<BootScript, string>> Languages = new(StringComparer.Ordinal)
    {
        ["iPXE"] = script => IpxeScript.Render(script, efi: false),
        ["iPXE with a menu"] = script => IpxeScript.Render(script, efi: true, TimeSpan.FromSeconds(5)),
        ["GRUB"] = script => GrubConfig.Render(script, "10.0.0.1"),
        ["PXELINUX"] = PxelinuxConfig.Render,
    };

    public static TheoryData<string> Names => [.. Languages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hostile_serial_changes_nothing_but_itself(string language)
    {
        var render = Languages[language];
        var scripts = (from kind in Enum.GetValues<BootAnswerKind>() from delivery in Enum.GetValues<TokenDelivery>() select (Kind: kind, Delivery: delivery)).ToList();
        var benign = scripts.ToDictionary(script => script, script => render(Of(script.Kind, script.Delivery, Mark)));
        Assert.All(benign.Values, text => Assert.Contains(Mark, text, StringComparison.Ordinal));
        var (at, taken) = (0, 0);
        foreach (var value in HostileValues.Of(Seed, HostileValues.Count(share: 1)))
        {
            var script = scripts[at++ % scripts.Count];
            if (Serial.TryParse(value, out var serial, out var refusal))
            {
                taken++;
                var encoded = Uri.EscapeDataString(serial.Text);
                Assert.True(Plain().IsMatch(encoded), encoded);
                var text = render(Of(script.Kind, script.Delivery, serial.Text));
                Assert.True(text == benign[script].Replace(Mark, encoded, StringComparison.Ordinal), $"{language}, {script}, value {at - 1} of seed {Seed}: {HostileValues.Shown(value)} gives\n{text}");
            }
            else
            {
                Assert.StartsWith("it ", refusal, StringComparison.Ordinal);
            }
        }

        Assert.True(taken > at / 10, $"only {taken} of {at} serials were taken");
    }

    private static BootScript Of(BootAnswerKind kind, TokenDelivery delivery, string serial) => Script(kind, serial) with { Token = Token, Delivery = delivery };

    // RFC 3986 §2.3, and the percent sign.
    [GeneratedRegex("^([A-Za-z0-9._~-]|%[0-9A-F]{2})+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Plain();
}
