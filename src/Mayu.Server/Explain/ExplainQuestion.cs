using System.Collections.Immutable;
using Mayu.Netboot.Explain;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Server.Explain;

/// <summary>Whom an explanation is about.</summary>
/// <param name="Serial">The machine; null where only a MAC is known.</param>
/// <param name="Mac">The interface that it boots from; null where none is known.</param>
/// <param name="Uuid">Its UUID; null where none is known.</param>
/// <param name="Architecture">What its firmware says of itself when it boots by PXE.</param>
/// <param name="Networks">Where it may be; each is explained.</param>
internal sealed record ExplainQuestion(
    Serial? Serial, MacAddress? Mac, Guid? Uuid, ClientArchitecture Architecture, ImmutableArray<ExplainedNetwork> Networks);
