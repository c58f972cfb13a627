using Mayu.Core.Boot;
using Mayu.Core.Profiles;
using Mayu.Primitives;
using Mayu.Server.BootScripts;

namespace Mayu.Server.Tests.BootScripts;

/// <summary>Answers to be said, with everything from outside as nasty as it may get.</summary>
internal static class BootScriptTexts
{
    public const string NastySerial = "a;b&&${x}'\"`$(y)\\/|#%41";

    public static BootScript Script(BootAnswerKind kind, string? serial = "lab-0001", params string[] arguments) => new()
    {
        Answer = new BootAnswer(kind, "the test says so") { Provisioning = kind == BootAnswerKind.Live ? ProvisioningKind.Ignition : null },
        BootUrl = "http://10.0.0.1:4081",
        Serial = serial is null ? null : Serial.TryParse(serial, out var parsed, out var refusal) ? parsed : throw new InvalidOperationException(refusal),
        BootMac = MacAddress.TryParse("52:54:00:ab:0c:01", out var mac) ? mac : null,
        KernelArguments = arguments.Length > 0 ? arguments : ["console=ttyS0,115200", "quiet"],
    };
}
