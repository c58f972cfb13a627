using Mayu.Primitives;

namespace Mayu.Protocols.Pxe;

/// <summary>A client at the machine's end: who it is, and which program speaks. What a simulator plays, and what an explanation is about.</summary>
public sealed record BootClient
{
    /// <summary>The interface that it boots from (<c>chaddr</c>).</summary>
    public required HardwareAddress HardwareAddress { get; init; }

    /// <summary>Which program speaks. <see cref="PxeClientKind.Plain"/> is an operating system.</summary>
    public required PxeClientKind Kind { get; init; }

    /// <summary>Option 93: of UEFI HTTP boot its own value, such as <see cref="ClientArchitecture.UefiX64Http"/>.</summary>
    public required ClientArchitecture Architecture { get; init; }

    /// <summary>Option 97; null: it does not tell one.</summary>
    public Guid? Uuid { get; init; }
}
