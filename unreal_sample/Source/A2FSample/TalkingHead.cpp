#include "TalkingHead.h"

#include "A2FStreamComponent.h"
#include "Materials/MaterialInterface.h"
#include "ProceduralMeshComponent.h"

namespace
{
/** Parts in the order in which they are made; centimetres, the face looks to +X, +Y is its right. */
enum EPart
{
	Skull,
	Jaw,
	Mouth,
	LidLeft,
	LidRight,
	BrowLeft,
	BrowRight,
	PartCount,
};

struct FShape
{
	const TCHAR* Name;
	double Place[3];
	double Size[3];
	float Color[3];
};

constexpr FShape Shapes[PartCount] = {
	{TEXT("Skull"), {0, 0, 6}, {16, 15, 14}, {0.8f, 0.6f, 0.5f}},
	{TEXT("Jaw"), {0, 0, -5}, {15, 13, 5}, {0.8f, 0.55f, 0.45f}},
	{TEXT("Mouth"), {7, 0, -1.5}, {1.5, 6, 1}, {0.5f, 0.1f, 0.1f}},
	{TEXT("LidLeft"), {8, -3.2, 7}, {0.8, 3, 2.4}, {0.1f, 0.1f, 0.3f}},
	{TEXT("LidRight"), {8, 3.2, 7}, {0.8, 3, 2.4}, {0.1f, 0.1f, 0.3f}},
	{TEXT("BrowLeft"), {8.3, -3.2, 10}, {0.8, 3.6, 0.7}, {0.2f, 0.1f, 0.05f}},
	{TEXT("BrowRight"), {8.3, 3.2, 10}, {0.8, 3.6, 0.7}, {0.2f, 0.1f, 0.05f}},
};

FVector Vector(const double (&Of)[3])
{
	return FVector(Of[0], Of[1], Of[2]);
}

/** Corners of one side of the unit cube: its normal's axis and sign, counter-clockwise from outside. */
void AddSide(int32 Axis, double Sign, TArray<FVector>& Corners, TArray<int32>& Triangles, TArray<FVector>& Normals)
{
	const int32 First = Corners.Num();
	const int32 U = (Axis + 1) % 3;
	const int32 V = (Axis + 2) % 3;
	const double Around[4][2] = {{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}};
	double Normal[3] = {0, 0, 0};
	Normal[Axis] = Sign;
	for (const double (&Corner)[2] : Around)
	{
		double At[3];
		At[Axis] = 0.5 * Sign;
		At[U] = Corner[0];
		At[V] = Corner[1] * Sign;
		Corners.Add(FVector(At[0], At[1], At[2]));
		Normals.Add(FVector(Normal[0], Normal[1], Normal[2]));
	}
	for (const int32 Index : {0, 2, 1, 0, 3, 2})
	{
		Triangles.Add(First + Index);
	}
}
}

ATalkingHead::ATalkingHead()
{
	PrimaryActorTick.bCanEverTick = true;
	SetRootComponent(CreateDefaultSubobject<USceneComponent>(TEXT("Root")));
	Stream = CreateDefaultSubobject<UA2FStreamComponent>(TEXT("Stream"));
	for (const FShape& Shape : Shapes)
	{
		FPart Part;
		Part.Place = Vector(Shape.Place);
		Part.Size = Vector(Shape.Size);
		Part.Mesh = AddBox(FName(Shape.Name), Part.Size, FLinearColor(Shape.Color[0], Shape.Color[1], Shape.Color[2]));
		Parts.Add(Part);
	}
}

UProceduralMeshComponent* ATalkingHead::AddBox(FName Name, const FVector& Size, const FLinearColor& Color)
{
	UProceduralMeshComponent* Mesh = CreateDefaultSubobject<UProceduralMeshComponent>(Name);
	Mesh->SetupAttachment(GetRootComponent());
	TArray<FVector> Corners;
	TArray<int32> Triangles;
	TArray<FVector> Normals;
	for (int32 Axis = 0; Axis < 3; ++Axis)
	{
		AddSide(Axis, 1.0, Corners, Triangles, Normals);
		AddSide(Axis, -1.0, Corners, Triangles, Normals);
	}
	TArray<FLinearColor> Colors;
	Colors.Init(Color, Corners.Num());
	Mesh->CreateMeshSection_LinearColor(0, Corners, Triangles, Normals, TArray<FVector2D>(), Colors, TArray<FProcMeshTangent>(), false);
	return Mesh;
}

void ATalkingHead::BeginPlay()
{
	Super::BeginPlay();
	// The engine's own material that shows vertex colours; without it boxes are grey.
	UMaterialInterface* Material = LoadObject<UMaterialInterface>(nullptr, TEXT("/Engine/EngineDebugMaterials/VertexColorMaterial.VertexColorMaterial"));
	for (const FPart& Part : Parts)
	{
		if (Material != nullptr)
		{
			Part.Mesh->SetMaterial(0, Material);
		}
	}
	AddTickPrerequisiteComponent(Stream);
}

float ATalkingHead::Curve(const TCHAR* Name) const
{
	const int32 Index = Names.IndexOfByKey(FName(Name));
	return Index != INDEX_NONE && Index < Values.Num() ? Values[Index] : 0.f;
}

void ATalkingHead::Show(int32 Part, const FVector& Shift, const FVector& Scale)
{
	const FPart& Shown = Parts[Part];
	Shown.Mesh->SetRelativeLocation(FVector(Shown.Place.X + Shift.X, Shown.Place.Y + Shift.Y, Shown.Place.Z + Shift.Z));
	Shown.Mesh->SetRelativeScale3D(FVector(Shown.Size.X * Scale.X, Shown.Size.Y * Scale.Y, Shown.Size.Z * Scale.Z));
}

void ATalkingHead::Tick(float DeltaTime)
{
	Super::Tick(DeltaTime);
	Stream->CopyPose(Names, Values);
	const double Open = Curve(TEXT("JawOpen"));
	const double Gap = FMath::Max(0.0, Open - static_cast<double>(Curve(TEXT("MouthClose"))));
	const double Narrow = FMath::Max(Curve(TEXT("MouthPucker")), Curve(TEXT("MouthFunnel")));
	const double Wide = 0.5 * (Curve(TEXT("MouthSmileLeft")) + Curve(TEXT("MouthSmileRight")));
	const double Inner = Curve(TEXT("BrowInnerUp"));
	Show(Skull, FVector(0, 0, 0), FVector(1, 1, 1));
	Show(Jaw, FVector(Curve(TEXT("JawForward")), 0, -5 * Open), FVector(1, 1, 1));
	Show(Mouth, FVector(Narrow, 0, -2.5 * Gap), FVector(1, 1 - 0.5 * Narrow + 0.4 * Wide, 0.4 + 5 * Gap));
	Show(LidLeft, FVector(0, 0, 0), FVector(1, 1, 1 - 0.9 * Curve(TEXT("EyeBlinkLeft"))));
	Show(LidRight, FVector(0, 0, 0), FVector(1, 1, 1 - 0.9 * Curve(TEXT("EyeBlinkRight"))));
	Show(BrowLeft, FVector(0, 0, Inner + Curve(TEXT("BrowOuterUpLeft")) - Curve(TEXT("BrowDownLeft"))), FVector(1, 1, 1));
	Show(BrowRight, FVector(0, 0, Inner + Curve(TEXT("BrowOuterUpRight")) - Curve(TEXT("BrowDownRight"))), FVector(1, 1, 1));
}
