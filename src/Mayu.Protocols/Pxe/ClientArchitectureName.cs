using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mayu.Protocols.Pxe;

/// <summary>Architectures by the names that people use for them, and what belongs together among them.</summary>
public static class ClientArchitectureName
{
    private static readonly (ClientArchitecture Architecture, string Name)[] Names =
    [
        (ClientArchitecture.BiosX86, "bios"),
        (ClientArchitecture.UefiIa32, "uefi-ia32"),
        (ClientArchitecture.UefiX64, "uefi-x64"),
        (ClientArchitecture.UefiByteCode, "uefi-ebc"),
        (ClientArchitecture.UefiArm32, "uefi-arm32"),
        (ClientArchitecture.UefiArm64, "uefi-arm64"),
        (ClientArchitecture.UefiIa32Http, "uefi-ia32-http"),
        (ClientArchitecture.UefiX64Http, "uefi-x64-http"),
        (ClientArchitecture.UefiByteCodeHttp, "uefi-ebc-http"),
        (ClientArchitecture.UefiArm32Http, "uefi-arm32-http"),
        (ClientArchitecture.UefiArm64Http, "uefi-arm64-http"),
        (ClientArchitecture.BiosX86Http, "bios-http"),
        (ClientArchitecture.UBootArm32, "uboot-arm32"),
        (ClientArchitecture.UBootArm64, "uboot-arm64"),
        (ClientArchitecture.UBootArm32Http, "uboot-arm32-http"),
        (ClientArchitecture.UBootArm64Http, "uboot-arm64-http"),
        (ClientArchitecture.UefiRiscV64, "uefi-riscv64"),
        (ClientArchitecture.UefiRiscV64Http, "uefi-riscv64-http"),
    ];

    // Architecture of PXE, and of the same firmware when it boots over HTTP.
    private static readonly (ClientArchitecture Pxe, ClientArchitecture Http)[] Pairs =
    [
        (ClientArchitecture.BiosX86, ClientArchitecture.BiosX86Http),
        (ClientArchitecture.UefiIa32, ClientArchitecture.UefiIa32Http),
        (ClientArchitecture.UefiX64, ClientArchitecture.UefiX64Http),
        (ClientArchitecture.UefiByteCode, ClientArchitecture.UefiByteCodeHttp),
        (ClientArchitecture.UefiArm32, ClientArchitecture.UefiArm32Http),
        (ClientArchitecture.UefiArm64, ClientArchitecture.UefiArm64Http),
        (ClientArchitecture.UBootArm32, ClientArchitecture.UBootArm32Http),
        (ClientArchitecture.UBootArm64, ClientArchitecture.UBootArm64Http),
        (ClientArchitecture.UefiRiscV64, ClientArchitecture.UefiRiscV64Http),
    ];

    /// <summary>Every architecture that has a name, in the order of option 93's values.</summary>
    public static IEnumerable<ClientArchitecture> All => Names.Select(pair => pair.Architecture);

    /// <summary>The name, such as <c>uefi-x64</c>; the number of an architecture that has none.</summary>
    public static string Of(ClientArchitecture architecture)
    {
        foreach (var (one, name) in Names)
        {
            if (one == architecture)
            {
                return name;
            }
        }

        return ((ushort)architecture).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a name, or the number of option 93.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ClientArchitecture architecture)
    {
        foreach (var (one, name) in Names)
        {
            if (name == text)
            {
                architecture = one;
                return true;
            }
        }

        var isNumber = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        architecture = (ClientArchitecture)number;
        return isNumber;
    }

    /// <summary>Whether it stands for boot over HTTP.</summary>
    public static bool IsHttp(ClientArchitecture architecture) => Array.Exists(Pairs, pair => pair.Http == architecture);

    /// <summary>The same firmware when it boots over HTTP; itself where there is no such value.</summary>
    public static ClientArchitecture OverHttp(ClientArchitecture architecture)
    {
        foreach (var (pxe, http) in Pairs)
        {
            if (pxe == architecture)
            {
                return http;
            }
        }

        return architecture;
    }

    /// <summary>The same firmware when it boots by PXE; itself where it does.</summary>
    public static ClientArchitecture OverTftp(ClientArchitecture architecture)
    {
        foreach (var (pxe, http) in Pairs)
        {
            if (http == architecture)
            {
                return pxe;
            }
        }

        return architecture;
    }
}
